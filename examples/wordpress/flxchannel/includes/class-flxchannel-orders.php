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
	 * @throws RuntimeException It is not stored: whoever hands it over has to do so again.
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
		$wpdb->insert( $wpdb->prefix . 'flx_order', self::fresh( $order ) + array( 'number' => $order['orderNumber'] ) );
		if ( ! self::row( $order['orderNumber'] ) ) {
			throw new RuntimeException( 'the order cannot be stored: ' . $wpdb->last_error );
		}
		self::carry_out_near( $order['orderNumber'] );
	}

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
		global $wpdb;
		ksort( $wanted ); // Two buyers of the same goods wait for one another, and never both.
		$hash  = hash( 'sha256', wp_json_encode( array( $form, $wanted, $buyer ) ) );
		$known = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}flx_order WHERE form_hash = %s", $hash ), ARRAY_A );
		if ( $known ) {
			return $known;
		}
		$number = Flxchannel_Store::together(
			static function () use ( $wanted, $buyer, $hash, $wpdb ): string {
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
				) + self::fresh( $order );
				if ( ! $wpdb->insert( $wpdb->prefix . 'flx_order', $row ) ) {
					throw new RuntimeException( 'the order cannot be stored: ' . $wpdb->last_error );
				}
				$number = Flxchannel_Settings::get( 'prefix' ) . $wpdb->insert_id;
				$change = array(
					'number'  => $number,
					'content' => wp_json_encode( array( 'orderNumber' => $number ) + $order ),
				);
				$wpdb->update( $wpdb->prefix . 'flx_order', $change, array( 'id' => $wpdb->insert_id ) );
				return $number;
			}
		);
		self::carry_out_near( $number );
		return self::row( $number );
	}

	/**
	 * The hook `flxchannel_cancel`: cancels an order wherever it stands.
	 *
	 * @param string $number Its number.
	 */
	public static function cancel( string $number ): void {
		self::want( $number, 'cancel' );
	}

	/**
	 * Sends a refused order again as it is.
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
		$wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}flx_order SET content = %s, email = %s, wanted = 'submit', note = '',
				verdict = IF(verdict = 'applied', verdict, ''),
				revision = revision + 1 WHERE number = %s",
				wp_json_encode( $order ),
				$order['shippingAddress']['email'] ?? '',
				$number
			)
		);
		self::carry_out_near( $number );
	}

	/**
	 * Does what is wanted of orders, and says what of it stays undone for later.
	 *
	 * @param string|null $number Of this order alone.
	 * @param int         $most   Of so many at most.
	 */
	public static function carry_out( ?string $number = null, int $most = 500 ): void {
		foreach ( self::wanted( $number, $most ) as $row ) {
			try {
				$is_done = match ( $row['wanted'] ) {
					'submit' => (bool) array( Flxchannel_Channel::submit( self::content( $row ) ) ),
					'retry'  => (bool) array( Flxchannel_Channel::retry( $row['number'] ) ),
					'cancel' => ! in_array( Flxchannel_Channel::cancel( $row['number'], 10000 ), array( 'asked', 'in_doubt' ), true ),
				};
				$is_done && self::done( $row );
			} catch ( Throwable $wrong ) {
				self::has_failed( $row, $wrong );
			}
		}
	}

	/** Carries out what was wanted in this request, if it can be done here at once. */
	public static function carry_out_at_end(): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request(); // What is wanted is in the database: nobody has to wait for more.
		}
		if ( Flxchannel_Settings::is_ready() && Flxchannel_Channel::is_near() ) {
			foreach ( array_unique( self::$near ) as $number ) {
				self::carry_out( $number, 1 );
			}
		}
	}

	/**
	 * What is wanted of orders and not done yet, oldest first.
	 *
	 * @param string|null $number Of this order alone.
	 * @param int         $most   Of so many at most.
	 */
	public static function wanted( ?string $number = null, int $most = 500 ): array {
		global $wpdb;
		return $wpdb->get_results(
			$wpdb->prepare(
				"SELECT * FROM {$wpdb->prefix}flx_order WHERE wanted <> '' AND (number = %s OR %d) ORDER BY id LIMIT %d",
				(string) $number,
				null === $number,
				$most
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
		$wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}flx_order SET wanted = '', note = %s WHERE number = %s AND revision = %d",
				$note,
				$row['number'],
				$row['revision']
			)
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
	 * What every order's row begins with.
	 *
	 * @param array $order The order.
	 */
	private static function fresh( array $order ): array {
		return array(
			'access_key' => wp_generate_uuid4(),
			'placed_at'  => gmdate( 'Y-m-d H:i:s' ),
			'email'      => $order['shippingAddress']['email'] ?? '',
			'content'    => wp_json_encode( $order ),
			'wanted'     => 'submit',
			'reserved'   => '{}',
			'hub_lines'  => '{}',
			'note'       => '',
		);
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
			$taken   = $wpdb->query(
				$wpdb->prepare(
					"UPDATE {$wpdb->prefix}flx_variant SET reserved = reserved + %d
					WHERE sku = %s AND status = 'listed' AND price IS NOT NULL AND quantity - reserved >= %d",
					$quantity,
					$sku,
					$quantity
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

	/**
	 * Writes down what is wanted.
	 *
	 * @param string $number Of this order.
	 * @param string $what   The word.
	 */
	private static function want( string $number, string $what ): void {
		global $wpdb;
		$wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}flx_order SET wanted = %s, revision = revision + 1 WHERE number = %s",
				$what,
				$number
			)
		);
	}

	/**
	 * Carries out in this request what needs no network: at its end, when the buyer has the answer. A fault of it is for the merchant.
	 *
	 * @param string $number Of this order.
	 */
	private static function carry_out_near( string $number ): void {
		if ( ! self::$near ) {
			add_action( 'shutdown', array( self::class, 'carry_out_at_end' ) );
		}
		self::$near[] = $number;
	}

	/**
	 * Notes why something was not done. What a person has to look at is not tried again.
	 *
	 * @param array     $row   The order.
	 * @param Throwable $wrong Why.
	 */
	private static function has_failed( array $row, Throwable $wrong ): void {
		global $wpdb;
		$name = Flxchannel_Channel::name_of( $wrong );
		if ( 'cancel' === $row['wanted'] && 'FLX_E_NOT_FOUND' === $name ) {
			Flxchannel_News::never_left( $row['number'] );
		}
		if ( in_array( $name, self::FOR_A_PERSON, true ) ) {
			self::done( $row, $wrong->getMessage() );
			return;
		}
		$wpdb->update( $wpdb->prefix . 'flx_order', array( 'note' => $wrong->getMessage() ), array( 'number' => $row['number'] ) );
	}
}
