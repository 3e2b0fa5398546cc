<?php
/**
 * Plugin Name:       Flxchannel for WooCommerce
 * Description:       Hands the orders of WooCommerce to Flxchannel, and brings prices, stock and tracking back.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      8.2
 * Requires Plugins:  flxchannel, woocommerce
 * License:           MIT
 * Text Domain:       flxchannel-woocommerce
 * Domain Path:       /languages
 *
 * @package Flxchannel
 */

defined( 'ABSPATH' ) || exit;

add_action( 'init', fn() => load_plugin_textdomain( 'flxchannel-woocommerce', false, 'flxchannel-woocommerce/languages' ) );
add_action( 'woocommerce_order_status_processing', 'flxchannel_woocommerce_send', 10, 2 );
add_action( 'woocommerce_order_status_cancelled', fn( int $id ) => do_action( 'flxchannel_cancel', "WC-$id" ) );
add_action( 'flxchannel_news', 'flxchannel_woocommerce_tell', 10, 3 );
add_action( 'flxchannel_variant', 'flxchannel_woocommerce_stock' );

/**
 * An order is paid for: it goes to the hub. WooCommerce may say so twice.
 *
 * @param int      $id    Its id.
 * @param WC_Order $order The order.
 */
function flxchannel_woocommerce_send( int $id, WC_Order $order ): void {
	if ( ! has_action( 'flxchannel_order' ) ) {
		// Nobody would hear it, and nobody would know.
		$order->update_status( 'on-hold', __( 'Flxchannel is not active: this order does not go to the hub.', 'flxchannel-woocommerce' ) );
		return;
	}
	$lines = array();
	foreach ( $order->get_items() as $item ) {
		$product = $item->get_product(); // False once it was deleted: the hub's library says then that the SKU is missing.
		$lines[] = array(
			'sku'      => $product ? $product->get_sku() : '',
			'quantity' => $item->get_quantity(),
			'price'    => wc_format_decimal( $order->get_item_total( $item ), 2 ),
			'title'    => $item->get_name(),
		);
	}
	$to      = $order->get_address( $order->has_shipping_address() ? 'shipping' : 'billing' );
	$address = array(
		'name'         => trim( "{$to['first_name']} {$to['last_name']}" ),
		'companyName'  => $to['company'],
		'addressLine1' => $to['address_1'],
		'addressLine2' => $to['address_2'],
		'city'         => $to['city'],
		'postal'       => $to['postcode'],
		'stateCode'    => $to['state'],
		'countryCode'  => $to['country'],
		'email'        => $order->get_billing_email(),
		'phone'        => $order->get_billing_phone(),
	);
	do_action(
		'flxchannel_order',
		array(
			'orderNumber'     => "WC-$id",
			'orderedAt'       => $order->get_date_created()->format( DATE_ATOM ),
			'orderTotal'      => wc_format_decimal( $order->get_total(), 2 ),
			'shippingText'    => $order->get_shipping_method(),
			'shippingAddress' => array_filter( $address, fn( string $text ): bool => '' !== $text ),
			'orderItems'      => $lines,
		)
	);
}

/**
 * There is news of an order: the buyer gets a note for each parcel, the merchant one if the hub refuses the order.
 *
 * An order goes on from where the merchant has left it. One that was cancelled or refunded since stays so, whatever comes late.
 *
 * @param string $number  The order's number.
 * @param array  $row     What is known of it.
 * @param array  $parcels Those for the buyer.
 */
function flxchannel_woocommerce_tell( string $number, array $row, array $parcels ): void {
	$order = str_starts_with( $number, 'WC-' ) ? wc_get_order( (int) substr( $number, 3 ) ) : false;
	if ( ! $order ) {
		return;
	}
	if ( 'refused' === $row['verdict'] && $order->has_status( 'processing' ) ) {
		$order->update_status( 'on-hold', $row['note'] );
	}
	$told = array_column( $parcels, 'tracking', 'id' );
	foreach ( array_diff_assoc( $told, (array) $order->get_meta( '_flxchannel_told' ) ) as $tracking ) {
		/* translators: %s: a tracking number. */
		$order->add_order_note( sprintf( __( 'Your parcel is on its way: %s', 'flxchannel-woocommerce' ), $tracking ), 1 );
	}
	$order->update_meta_data( '_flxchannel_told', $told );
	$order->save();
	if ( 'Completed' === $row['shipped'] && $order->has_status( array( 'processing', 'on-hold' ) ) ) {
		$order->update_status( 'completed' );
	}
}

/**
 * The hub says what a variant costs and how many there are, or that it is not for sale any more.
 *
 * @param array $variant How it stands.
 */
function flxchannel_woocommerce_stock( array $variant ): void {
	$product = wc_get_product( wc_get_product_id_by_sku( $variant['sku'] ) );
	if ( $product ) {
		isset( $variant['price'] ) && $product->set_regular_price( $variant['price'] );
		$product->set_manage_stock( true );
		$product->set_stock_quantity( $variant['quantity'] );
		$product->set_status( 'listed' === $variant['status'] ? 'publish' : 'private' );
		$product->save();
	}
}
