<?php
/**
 * Orders of the plugin's own form.
 *
 * @package Flxchannel
 */

/** Makes an order of what a buyer has chosen: what is in stock, at the price that is asked for now, once for each form. */
final class Flxchannel_Checkout {

	/**
	 * Places an order of the plugin's own form: stock is taken from what is on offer, and the number is given.
	 *
	 * @param array<string, int> $wanted How many of each SKU.
	 * @param array              $buyer  The address in the hub's names.
	 * @param string             $form   What tells this showing of the form from others.
	 * @return array The order's row; of a form that is sent twice, the one that is there.
	 * @throws OutOfBoundsException What cannot be bought (any more): its title.
	 */
	public static function place( array $wanted, array $buyer, string $form ): array {
		ksort( $wanted ); // Two buyers of the same goods wait for one another, and never both.
		$hash = hash( 'sha256', wp_json_encode( array( $form, $wanted, $buyer ) ) );
		$row  = self::of_form( $hash );
		if ( $row ) {
			return $row;
		}
		try {
			Flxchannel_Store::together( static fn () => self::store_form( $hash, $wanted, $buyer ) );
		} catch ( RuntimeException $wrong ) {
			// Sent twice at once, it is stored by the other request, which may have had the last piece as well.
			return self::of_form( $hash ) ?? throw $wrong;
		}
		$row = self::of_form( $hash );
		Flxchannel_Orders::carry_out_near( $row['number'] );
		return $row;
	}

	/**
	 * The order that came of a form, or null.
	 *
	 * @param string $hash The form's hash.
	 */
	private static function of_form( string $hash ): ?array {
		global $wpdb;
		return $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}flx_order WHERE form_hash = %s", $hash ), ARRAY_A );
	}

	/**
	 * Stores the order of a form, under a new number.
	 *
	 * @param string             $hash   The form's hash: there is one order of each.
	 * @param array<string, int> $wanted How many of each SKU.
	 * @param array              $buyer  The address in the hub's names.
	 */
	private static function store_form( string $hash, array $wanted, array $buyer ): void {
		global $wpdb;
		$lines = self::reserve( $wanted );
		$order = array(
			'orderedAt'       => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'orderTotal'      => Flxchannel_Money::total( $lines ),
			'shippingText'    => Flxchannel_Settings::get( 'shipping_text' ),
			'shippingAddress' => array_filter( $buyer, static fn ( string $text ): bool => '' !== $text ),
			'orderItems'      => $lines,
		);
		$row   = array(
			'form_hash' => $hash,
			'reserved'  => wp_json_encode( $wanted ),
		) + Flxchannel_Orders::fresh( $order );
		Flxchannel_Store::must( $wpdb->insert( $wpdb->prefix . 'flx_order', $row ) );
		$id     = $wpdb->insert_id;
		$number = Flxchannel_Settings::get( 'prefix' ) . $id;
		$change = array(
			'number'  => $number,
			'content' => wp_json_encode( array( 'orderNumber' => $number ) + $order ),
		);
		Flxchannel_Store::must( $wpdb->update( $wpdb->prefix . 'flx_order', $change, array( 'id' => $id ) ) );
	}

	/**
	 * Takes stock off what is on offer, until the hub knows of the order, and gives the lines.
	 *
	 * @param array<string, int> $wanted How many of each SKU.
	 * @throws OutOfBoundsException Something is not there any more.
	 */
	private static function reserve( array $wanted ): array {
		global $wpdb;
		$lines = array();
		foreach ( $wanted as $sku => $quantity ) {
			$taken   = Flxchannel_Store::must(
				$wpdb->query(
					$wpdb->prepare(
						"UPDATE {$wpdb->prefix}flx_variant SET reserved = reserved + %d
						WHERE sku = %s AND status = 'listed' AND price IS NOT NULL AND quantity - reserved >= %d",
						$quantity,
						$sku,
						$quantity
					)
				)
			);
			$variant = Flxchannel_Catalogue::variant( (string) $sku );
			if ( 1 !== $taken || ! $variant ) {
				throw new OutOfBoundsException( $variant['title'] ?? (string) $sku );
			}
			$lines[] = array(
				'sku'               => $variant['sku'],
				'listingVariantId'  => $variant['id'], // Named in every way, so that the hub cannot mistake it.
				'externalListingId' => $variant['external_id'],
				'quantity'          => $quantity,
				'price'             => $variant['price'],
				'title'             => $variant['title'],
			);
		}
		return $lines;
	}
}
