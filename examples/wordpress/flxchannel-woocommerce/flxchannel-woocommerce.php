<?php
/**
 * Plugin Name:       Flxchannel for WooCommerce
 * Description:       Hands the orders of WooCommerce to Flxchannel, and brings prices, stock and tracking back.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      8.2
 * License:           MIT
 * Text Domain:       flxchannel-woocommerce
 *
 * @package Flxchannel
 */

defined( 'ABSPATH' ) || exit;

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
	$lines = array();
	foreach ( $order->get_items() as $item ) {
		$lines[] = array(
			'sku'      => $item->get_product()->get_sku(),
			'quantity' => $item->get_quantity(),
			'price'    => wc_format_decimal( $order->get_item_total( $item ), 2 ),
			'title'    => $item->get_name(),
		);
	}
	$address = array( 'name' => trim( $order->get_shipping_first_name() . ' ' . $order->get_shipping_last_name() ) ) + array(
		'companyName'  => $order->get_shipping_company(),
		'addressLine1' => $order->get_shipping_address_1(),
		'addressLine2' => $order->get_shipping_address_2(),
		'city'         => $order->get_shipping_city(),
		'postal'       => $order->get_shipping_postcode(),
		'stateCode'    => $order->get_shipping_state(),
		'countryCode'  => $order->get_shipping_country(),
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
			'shippingAddress' => $address,
			'orderItems'      => $lines,
		)
	);
}

/**
 * There is news of an order: the buyer gets a note for each parcel, the merchant one if the hub refuses the order.
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
	$known = (array) $order->get_meta( '_flxchannel_told' );
	$told  = array( 'verdict' => $row['verdict'] ) + array_column( $parcels, 'tracking', 'id' );
	foreach ( array_diff_assoc( $told, $known ) as $what => $text ) {
		if ( 'verdict' !== $what ) {
			/* translators: %s: a tracking number. */
			$order->add_order_note( sprintf( __( 'Your parcel is on its way: %s', 'flxchannel-woocommerce' ), $text ), 1 );
		} elseif ( 'refused' === $text ) {
			$order->update_status( 'on-hold', $row['note'] );
		}
	}
	$order->update_meta_data( '_flxchannel_told', $told );
	$order->save();
	if ( 'Completed' === $row['shipped'] && ! $order->has_status( 'completed' ) ) {
		$order->update_status( 'completed' );
	}
}

/**
 * The hub says what a variant costs and how many there are.
 *
 * @param array $variant As far as it says so.
 */
function flxchannel_woocommerce_stock( array $variant ): void {
	$product = wc_get_product( wc_get_product_id_by_sku( $variant['sku'] ) );
	if ( $product ) {
		isset( $variant['price'] ) && $product->set_regular_price( $variant['price'] );
		isset( $variant['quantity'] ) && $product->set_stock_quantity( $variant['quantity'] );
		$product->set_manage_stock( true );
		$product->set_status( 'listed' === $variant['status'] ? 'publish' : 'private' );
		$product->save();
	}
}
