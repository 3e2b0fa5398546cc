<?php
/**
 * A buyer's own data.
 *
 * @package Flxchannel
 */

/** WordPress's tools to export and erase what is kept of a person, by the e-mail address of the orders. */
final class Flxchannel_Privacy {

	/** Orders a call. */
	private const MOST = 50;

	/** Hangs the hooks. */
	public static function init(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( self::class, 'exporters' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( self::class, 'erasers' ) );
		add_action( 'admin_init', array( self::class, 'policy' ) );
	}

	/** Suggests a paragraph for the shop's privacy policy. */
	public static function policy(): void {
		$text = __(
			'Name, address, e-mail and goods of an order are kept by this shop and go to Flxpoint, which has the goods sent.',
			'flxchannel'
		);
		wp_add_privacy_policy_content( 'Flxchannel', wpautop( $text ) );
	}

	/**
	 * Adds ours to the exporters.
	 *
	 * @param array $exporters Those that there are.
	 */
	public static function exporters( array $exporters ): array {
		$exporters['flxchannel'] = array(
			'exporter_friendly_name' => __( 'Orders of Flxchannel', 'flxchannel' ),
			'callback'               => array( self::class, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Adds ours to the erasers.
	 *
	 * @param array $erasers Those that there are.
	 */
	public static function erasers( array $erasers ): array {
		$erasers['flxchannel'] = array(
			'eraser_friendly_name' => __( 'Orders of Flxchannel', 'flxchannel' ),
			'callback'             => array( self::class, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * All that is kept of a person's orders.
	 *
	 * @param string $email The person.
	 * @param int    $page  From 1 on.
	 */
	public static function export( string $email, int $page = 1 ): array {
		$orders = self::orders( $email, $page );
		$items  = array();
		foreach ( $orders as $row ) {
			$order   = Flxchannel_Orders::content( $row );
			$parcels = Flxchannel_Orders::parcels( $row['number'], false );
			$values  = array(
				__( 'Order', 'flxchannel' )           => $row['number'],
				__( 'Placed', 'flxchannel' )          => $row['placed_at'],
				__( 'Address', 'flxchannel' )         => implode( ', ', $order['shippingAddress'] ?? array() ),
				__( 'Billing address', 'flxchannel' ) => implode( ', ', $order['billingAddress'] ?? array() ),
				__( 'Goods', 'flxchannel' )           => implode( ', ', array_map( array( self::class, 'line' ), $order['orderItems'] ) ),
				__( 'Parcels', 'flxchannel' )         => implode( ', ', array_column( $parcels, 'tracking' ) ),
				__( 'Note', 'flxchannel' )            => trim( ( $order['note'] ?? '' ) . ' ' . $row['note'] ),
			);
			$items[] = array(
				'group_id'    => 'flxchannel',
				'group_label' => __( 'Orders', 'flxchannel' ),
				'item_id'     => "flxchannel-{$row['id']}",
				'data'        => array_map(
					static fn ( string $name, string $value ): array => array(
						'name'  => $name,
						'value' => $value,
					),
					array_keys( $values ),
					$values
				),
			);
		}
		return array(
			'data' => $items,
			'done' => count( $orders ) < self::MOST,
		);
	}

	/**
	 * Takes a person out of the orders, here and in the library's state. An order that is not at the hub yet is kept until it is.
	 *
	 * @param string $email The person.
	 */
	public static function erase( string $email ): array {
		global $wpdb;
		$messages = array();
		$orders   = self::orders( $email, 1 );
		$erased   = 0;
		foreach ( $orders as $row ) {
			if ( '' === $row['verdict'] || '' !== $row['wanted'] ) {
				/* translators: %s: an order's number. */
				$messages[] = sprintf( __( 'Order %s is on its way to the hub; erase it again later.', 'flxchannel' ), $row['number'] );
				continue;
			}
			try {
				Flxchannel_Channel::purge( $row['number'] );
			} catch ( Throwable $wrong ) {
				/* translators: 1: an order's number, 2: why. */
				$text       = __( 'The state of the channel forgets order %1$s by itself, a day after its end, and not now: %2$s', 'flxchannel' );
				$messages[] = sprintf( $text, $row['number'], $wrong->getMessage() );
			}
			$personal = array_flip( array( 'shippingAddress', 'billingAddress', 'note' ) );
			$order    = array_diff_key( Flxchannel_Orders::content( $row ), $personal );
			$empty    = array(
				'email'   => '',
				'content' => wp_json_encode( $order ),
				'note'    => '',
			);
			Flxchannel_Store::must(
				$wpdb->update( $wpdb->prefix . 'flx_order', $empty + array( 'form_hash' => null ), array( 'id' => $row['id'] ) )
			);
			// Whoever has the number of a parcel finds the door that it went to.
			Flxchannel_Store::must( $wpdb->delete( $wpdb->prefix . 'flx_parcel', array( 'number' => $row['number'] ) ) );
			++$erased;
		}
		return array(
			'items_removed'  => $erased > 0,
			'items_retained' => count( $orders ) > $erased,
			'messages'       => $messages,
			// What is erased is found no more: a next page is the first one again, unless nothing moved.
			'done'           => count( $orders ) < self::MOST || 0 === $erased,
		);
	}

	/**
	 * A line of an order as text.
	 *
	 * @param array $line The line.
	 */
	private static function line( array $line ): string {
		return "{$line['quantity']} × {$line['sku']}";
	}

	/**
	 * A page of a person's orders.
	 *
	 * @param string $email The person.
	 * @param int    $page  From 1 on.
	 */
	private static function orders( string $email, int $page ): array {
		global $wpdb;
		return $wpdb->get_results(
			$wpdb->prepare(
				"SELECT * FROM {$wpdb->prefix}flx_order WHERE email = %s ORDER BY id LIMIT %d OFFSET %d",
				$email,
				self::MOST,
				( $page - 1 ) * self::MOST
			),
			ARRAY_A
		);
	}
}
