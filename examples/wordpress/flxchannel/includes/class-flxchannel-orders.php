<?php
/**
 * Orders of the shop.
 *
 * @package Flxchannel
 */

/**
 * Orders on their way out.
 *
 * Whoever wants something of an order (that it goes to the hub, goes again, is canceled) writes it down in the order's row, in
 * `wanted`; carry_out() does what is written there, right after the answer where that needs no network, else in the next
 * round. So a crash at any moment loses nothing, and the library sees to it that nothing is done twice at the hub.
 */
final class Flxchannel_Orders {

	/** What is the same however often it is tried: an order with faults, one that the hub has already or does not let go. */
	private const FOR_A_PERSON = array( 'FLX_E_ORDER', 'FLX_E_CONFLICT', 'FLX_E_REFUSED', 'FLX_E_USE', 'FLX_E_NOT_FOUND' );

	/**
	 * Numbers of orders of which something is wanted since this request began.
	 *
	 * @var string[]
	 */
	private static array $near = array();

	/** Hangs the hooks that other plugins call. */
	public static function init(): void {
		add_action( 'flxchannel_order', array( self::class, 'take' ) );
		add_action( 'flxchannel_cancel', array( self::class, 'cancel' ) );
	}

	/**
	 * The hook `flxchannel_order`: takes an order of any shop plugin. It may be called as often as one likes.
	 *
	 * The order has the hub's names: orderNumber, orderItems and shippingAddress, and what else `flx describe schema/order`
	 * lists. Money is decimal text. Another content under a number that the hub has refused replaces it.
	 *
	 * @param array $order The order.
	 * @throws Flxchannel_Not_Stored Whoever hands it over has to do so again.
	 */
	public static function take( array $order ): void {
		global $wpdb;
		$order += array(
			'orderedAt'    => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'shippingText' => Flxchannel_Settings::get( 'shipping_text' ),
		);
		$known  = self::row( $order['orderNumber'] );
		if ( $known ) {
			// When it was ordered first is what counts.
			$order['orderedAt'] = self::content( $known )['orderedAt'] ?? $order['orderedAt'];
			if ( self::content( $known ) !== $order ) {
				self::correct( $order['orderNumber'], $order );
			}
			return;
		}
		$row = self::fresh( $order ) + array( 'number' => $order['orderNumber'] );
		try {
			Flxchannel_Store::must( $wpdb->insert( $wpdb->prefix . 'flx_order', $row ) );
		} catch ( Flxchannel_Not_Stored $wrong ) {
			self::row( $order['orderNumber'] ) ?? throw $wrong; // Handed over twice at once, it is stored by the other request.
		}
		self::carry_out_near( $order['orderNumber'] );
	}

	/**
	 * The hook `flxchannel_cancel`: cancels an order wherever it stands, once and for all.
	 *
	 * @param string $number Its number.
	 */
	public static function cancel( string $number ): void {
		self::want( $number, 'cancel' );
	}

	/**
	 * Sends a refused order again as it is. What the hub said of it before is said no more.
	 *
	 * @param string $number Its number.
	 */
	public static function retry( string $number ): void {
		self::want( $number, 'retry' );
		self::carry_out_near( $number );
	}

	/**
	 * Writes an order anew, for one that the hub has refused. The hub gets it under the same number, as another revision.
	 *
	 * @param string $number Its number.
	 * @param array  $order  The whole order.
	 */
	public static function correct( string $number, array $order ): void {
		global $wpdb;
		Flxchannel_Store::must(
			$wpdb->query(
				$wpdb->prepare(
					"UPDATE {$wpdb->prefix}flx_order SET content = %s, email = %s, wanted = 'submit', note = '',
					verdict = IF(verdict = 'applied', verdict, ''),
					revision = revision + 1 WHERE number = %s",
					wp_json_encode( $order ),
					self::email( $order ),
					$number
				)
			)
		);
		self::carry_out_near( $number );
	}

	/**
	 * Does what is wanted of orders, and says what of it stays undone for later.
	 *
	 * @param string|null $number    Of this order alone.
	 * @param int         $budget_ms After that no more is begun.
	 */
	public static function carry_out( ?string $number = null, int $budget_ms = 10000 ): void {
		$end_ms = intdiv( hrtime( true ), 1000000 ) + $budget_ms;
		foreach ( self::wanted( $number ) as $row ) {
			$left_ms = $end_ms - intdiv( hrtime( true ), 1000000 );
			if ( $left_ms <= 0 ) {
				return;
			}
			try {
				'cancel' === $row['wanted'] ? self::carry_out_cancel( $row, min( $left_ms, 10000 ) ) : self::hand_over( $row );
			} catch ( Throwable $wrong ) {
				self::has_failed( $row, Flxchannel_Channel::name_of( $wrong ), $wrong->getMessage() );
			}
		}
	}

	/**
	 * Carries out in this request what needs no network: at its end, when the buyer has the answer. A fault of it is for the merchant.
	 *
	 * @param string $number Of this order.
	 */
	public static function carry_out_near( string $number ): void {
		if ( ! self::$near ) {
			add_action( 'shutdown', array( self::class, 'carry_out_at_end' ) );
		}
		self::$near[] = $number;
	}

	/** Carries out what was wanted in this request, if it can be done here at once. */
	public static function carry_out_at_end(): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request(); // What is wanted is in the database: nobody has to wait for more.
		}
		if ( Flxchannel_Settings::is_ready() && Flxchannel_Channel::is_near() ) {
			foreach ( array_unique( self::$near ) as $number ) {
				self::carry_out( $number );
			}
		}
	}

	/**
	 * What is wanted of orders and not done yet, oldest first.
	 *
	 * @param string|null $number Of this order alone.
	 */
	public static function wanted( ?string $number = null ): array {
		global $wpdb;
		return $wpdb->get_results(
			$wpdb->prepare(
				"SELECT * FROM {$wpdb->prefix}flx_order WHERE wanted <> '' AND (number = %s OR %d) ORDER BY id LIMIT 500",
				(string) $number,
				null === $number
			),
			ARRAY_A
		);
	}

	/**
	 * Says that what was wanted is done; not if something else is wanted since.
	 *
	 * @param array  $row  The order as it was when it was done.
	 * @param string $note What a person has to know.
	 */
	public static function done( array $row, string $note = '' ): void {
		global $wpdb;
		Flxchannel_Store::must(
			$wpdb->query(
				$wpdb->prepare(
					"UPDATE {$wpdb->prefix}flx_order SET wanted = '', note = %s WHERE number = %s AND revision = %d",
					$note,
					$row['number'],
					$row['revision']
				)
			)
		);
	}

	/**
	 * What every order's row begins with.
	 *
	 * @param array $order The order.
	 */
	public static function fresh( array $order ): array {
		return array(
			'access_key' => wp_generate_uuid4(),
			'placed_at'  => gmdate( 'Y-m-d H:i:s' ),
			'email'      => self::email( $order ),
			'content'    => wp_json_encode( $order ),
			'wanted'     => 'submit',
			'reserved'   => '{}',
			'hub_lines'  => '{}',
			'note'       => '',
		);
	}

	/**
	 * An order's row, or null.
	 *
	 * @param string $number Its number.
	 */
	public static function row( string $number ): ?array {
		global $wpdb;
		return $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}flx_order WHERE number = %s", $number ), ARRAY_A );
	}

	/**
	 * The order as it goes to the hub.
	 *
	 * @param array $row Its row.
	 */
	public static function content( array $row ): array {
		return json_decode( $row['content'], true );
	}

	/**
	 * The parcels of an order.
	 *
	 * @param string $number    Its number.
	 * @param bool   $for_buyer Those that the buyer may see, or all.
	 */
	public static function parcels( string $number, bool $for_buyer ): array {
		global $wpdb;
		return $wpdb->get_results(
			$wpdb->prepare(
				"SELECT * FROM {$wpdb->prefix}flx_parcel WHERE number = %s AND for_buyer >= %d ORDER BY id",
				$number,
				(int) $for_buyer
			),
			ARRAY_A
		);
	}

	/**
	 * Whose order it is, for those who ask by their address.
	 *
	 * @param array $order The order.
	 */
	private static function email( array $order ): string {
		return (string) ( $order['shippingAddress']['email'] ?? $order['billingAddress']['email'] ?? '' );
	}

	/**
	 * Writes down what is wanted. An order that goes again has no verdict until the hub says something new.
	 *
	 * @param string $number Of this order.
	 * @param string $what   The word.
	 */
	private static function want( string $number, string $what ): void {
		global $wpdb;
		Flxchannel_Store::must(
			$wpdb->query(
				$wpdb->prepare(
					"UPDATE {$wpdb->prefix}flx_order SET wanted = %s, revision = revision + 1,
					verdict = IF(%s = 'retry' AND verdict <> 'applied', '', verdict) WHERE number = %s",
					$what,
					$what,
					$number
				)
			)
		);
	}

	/**
	 * Hands an order to the library, or has it queue it again. The row is locked meanwhile, so that whoever cancels the order comes
	 * before this, and then nothing is sent, or behind it, and then the library has something to cancel.
	 *
	 * @param array $row The order.
	 */
	private static function hand_over( array $row ): void {
		Flxchannel_Store::together(
			static function () use ( $row ): void {
				global $wpdb;
				$is_wanted = $wpdb->get_var(
					$wpdb->prepare(
						"SELECT 1 FROM {$wpdb->prefix}flx_order WHERE id = %d AND wanted = %s AND revision = %d FOR UPDATE",
						$row['id'],
						$row['wanted'],
						$row['revision']
					)
				);
				if ( ! $is_wanted ) {
					return; // Another round has done it, or something else is wanted since.
				}
				'submit' === $row['wanted']
					? Flxchannel_Channel::submit( self::content( $row ) )
					: Flxchannel_Channel::retry( $row['number'] );
				self::done( $row );
			}
		);
	}

	/**
	 * Cancels an order. What the hub has not done yet is asked for again in the next round.
	 *
	 * @param array $row     The order.
	 * @param int   $wait_ms How long the hub may take.
	 */
	private static function carry_out_cancel( array $row, int $wait_ms ): void {
		if ( ! in_array( Flxchannel_Channel::cancel( $row['number'], $wait_ms ), array( 'asked', 'in_doubt' ), true ) ) {
			self::done( $row );
		}
	}

	/**
	 * Notes why something was not done. What a person has to look at is not tried again.
	 *
	 * @param array  $row     The order as it was when it was tried.
	 * @param string $name    The library's name of what went wrong, or nothing.
	 * @param string $message What to read.
	 */
	public static function has_failed( array $row, string $name, string $message ): void {
		global $wpdb;
		if ( 'cancel' === $row['wanted'] && 'FLX_E_NOT_FOUND' === $name ) {
			Flxchannel_News::never_left( $row['number'] );
			self::done( $row );
			return;
		}
		if ( in_array( $name, self::FOR_A_PERSON, true ) ) {
			self::done( $row, $message );
			return;
		}
		$wpdb->update( $wpdb->prefix . 'flx_order', array( 'note' => $message ), array( 'number' => $row['number'] ) );
	}
}
