<?php
/**
 * News from the hub of what was ordered.
 *
 * @package Flxchannel
 */

/**
 * Takes the events of orders: what became of them, what the hub says of them, which parcels left.
 *
 * Each handler stores first and then says so. All of them are right twice, for an event may come again.
 */
final class Flxchannel_News {

	/** The handlers of a round, by type of event. @return array<string, callable> */
	public static function handlers(): array {
		return array(
			'result'       => array( self::class, 'take_result' ),
			'order'        => array( self::class, 'take_status' ),
			'shipment'     => array( self::class, 'take_parcel' ),
			'other_parcel' => array( self::class, 'take_parcel' ),
		);
	}

	/**
	 * Stores what became of an order. From now on the hub's stock knows of it.
	 *
	 * @param array $event The event.
	 */
	public static function take_result( array $event ): bool {
		global $wpdb;
		$result = $event['order'];
		Flxchannel_Store::together(
			static function () use ( $result, $wpdb ): void {
				self::release( (string) $result['number'] );
				Flxchannel_Store::must(
					$wpdb->query(
						$wpdb->prepare(
							"UPDATE {$wpdb->prefix}flx_order SET verdict = %s, hub_id = %s, note = %s,
							hub_status = IF(hub_status = '', %s, hub_status) WHERE number = %s",
							$result['verdict'],
							(string) ( $result['order_id'] ?? '' ),
							trim( ( $result['message'] ?? '' ) . ' ' . ( $result['hub_said'] ?? '' ) ),
							(string) ( $result['order_status'] ?? '' ),
							$result['number']
						)
					)
				);
			}
		);
		self::tell( (string) $result['number'] );
		return true;
	}

	/**
	 * Stores the status of an order, and what the hub calls its lines.
	 *
	 * @param array $event The event.
	 */
	public static function take_status( array $event ): bool {
		global $wpdb;
		$record = $event['record'];
		if ( null === $event['order_number'] || ! Flxchannel_Orders::row( $event['order_number'] ) ) {
			return true; // Of the time before this shop.
		}
		$change = array(
			'hub_id'     => (string) $record['id'],
			'hub_status' => (string) ( $record['orderStatus'] ?? '' ),
			'shipped'    => (string) ( $record['shippedStatus'] ?? '' ),
			'hub_lines'  => wp_json_encode( array_column( $record['orderItems'] ?? array(), null, 'id' ) ),
		);
		Flxchannel_Store::must( $wpdb->update( $wpdb->prefix . 'flx_order', $change, array( 'number' => $event['order_number'] ) ) );
		self::tell( $event['order_number'] );
		return true;
	}

	/**
	 * Stores a parcel, or what is new of it. Only a `shipment` is for the buyer's eyes, and a later version may change that.
	 *
	 * @param array $event The event.
	 */
	public static function take_parcel( array $event ): bool {
		global $wpdb;
		$record = $event['record'];
		$items  = array();
		foreach ( $record['shipmentItems'] ?? array() as $item ) {
			// The SKU here may be the supplier's: the line's id says what is in it.
			$items[ (string) ( $item['orderItemId'] ?? '' ) ] = (int) ( $item['quantity'] ?? 0 );
		}
		$parcel = array(
			'id'        => (string) $event['id'],
			'number'    => $event['order_number'],
			'carrier'   => (string) ( $record['carrier'] ?? '' ),
			'tracking'  => (string) ( $record['trackingNumber'] ?? '' ),
			'url'       => (string) ( $record['trackingUrl'] ?? '' ),
			'items'     => wp_json_encode( $items ),
			'for_buyer' => (int) ( 'shipment' === $event['type'] ),
		);
		Flxchannel_Store::must( $wpdb->replace( $wpdb->prefix . 'flx_parcel', $parcel ) );
		if ( null !== $event['order_number'] ) {
			self::tell( $event['order_number'] );
		}
		return true;
	}

	/**
	 * Stores that an order was canceled before anybody heard of it.
	 *
	 * @param string $number Its number.
	 */
	public static function never_left( string $number ): void {
		global $wpdb;
		Flxchannel_Store::together(
			static function () use ( $number, $wpdb ): void {
				self::release( $number );
				$change = array( 'verdict' => 'not_applied' );
				Flxchannel_Store::must( $wpdb->update( $wpdb->prefix . 'flx_order', $change, array( 'number' => $number ) ) );
			}
		);
		self::tell( $number );
	}

	/**
	 * Gives back what an order has taken off the stock: the hub counts it from now on, or nobody wants it.
	 *
	 * @param string $number Its number.
	 */
	private static function release( string $number ): void {
		global $wpdb;
		// Locked, so that nobody else gives it back as well.
		$reserved = $wpdb->get_var(
			$wpdb->prepare( "SELECT reserved FROM {$wpdb->prefix}flx_order WHERE number = %s FOR UPDATE", $number )
		);
		foreach ( json_decode( $reserved ?? '{}', true ) as $sku => $quantity ) {
			Flxchannel_Store::must(
				$wpdb->query(
					$wpdb->prepare(
						"UPDATE {$wpdb->prefix}flx_variant SET reserved = GREATEST(reserved - %d, 0) WHERE sku = %s",
						$quantity,
						$sku
					)
				)
			);
		}
		Flxchannel_Store::must( $wpdb->update( $wpdb->prefix . 'flx_order', array( 'reserved' => '{}' ), array( 'number' => $number ) ) );
	}

	/**
	 * Tells other plugins that there is news of an order.
	 *
	 * @param string $number Its number.
	 */
	private static function tell( string $number ): void {
		$row = Flxchannel_Orders::row( $number );
		if ( $row ) {
			/**
			 * The hook `flxchannel_news`: an order's number, its row (verdict, hub_status, shipped, note), the parcels for the buyer.
			 */
			do_action( 'flxchannel_news', $number, $row, Flxchannel_Orders::parcels( $number, true ) );
		}
	}
}
