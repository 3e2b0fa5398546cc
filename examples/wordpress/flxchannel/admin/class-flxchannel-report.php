<?php
/**
 * How the channel stands, for the merchant.
 *
 * @package Flxchannel
 */

/** Sentences that a merchant understands: what was done, what not and why, what to do. Making them costs no request. */
final class Flxchannel_Report {

	/** What parts of a round are called. */
	private static function parts(): array {
		return array(
			'results'   => __( 'results of orders', 'flxchannel' ),
			'publish'   => __( 'product pages', 'flxchannel' ),
			'sync'      => __( 'prices and stock', 'flxchannel' ),
			'orders'    => __( 'status of orders', 'flxchannel' ),
			'shipments' => __( 'parcels', 'flxchannel' ),
			'gone'      => __( 'listings that are gone', 'flxchannel' ),
		);
	}

	/** What the ways to the library are called. @return array<string, string> */
	public static function ways(): array {
		return array(
			'extension' => __( 'the extension of PHP', 'flxchannel' ),
			'ffi'       => __( 'FFI', 'flxchannel' ),
			'command'   => __( 'the command flx', 'flxchannel' ),
			'cron'      => __( 'round.sh from cron alone', 'flxchannel' ),
		);
	}

	/** The report. @return string[] */
	public static function sentences(): array {
		$last = get_option( Flxchannel_Work::LAST, array() );
		return array_merge(
			self::of_settings(),
			self::of_rounds( $last ),
			self::of_orders(),
			self::of_parts( $last['summary'] ?? array() )
		);
	}

	/**
	 * Asks the hub whether the channel can work.
	 *
	 * @return array{is_good: bool, text: string}
	 */
	public static function tested(): array {
		try {
			$found = Flxchannel_Channel::probe( 10000 );
		} catch ( Throwable $wrong ) {
			return array(
				'is_good' => false,
				'text'    => $wrong->getMessage(),
			);
		}
		$is_good = 'accepted' === $found['token'];
		return array(
			'is_good' => $is_good,
			'text'    => $is_good ? __( 'The hub answers, and takes the token.', 'flxchannel' ) : (string) $found['advice'],
		);
	}

	/** How many orders there are of each kind. @return array<string, int> */
	private static function counts(): array {
		global $wpdb;
		// Of which something is wanted, that goes by itself: a note says then why it did not go yet.
		return array_map(
			'intval',
			$wpdb->get_row(
				"SELECT COUNT(*) AS taken, SUM(verdict = 'applied') AS applied,
				SUM(verdict = '' AND (note = '' OR wanted <> '')) AS waiting,
				SUM(wanted = '' AND (verdict = 'refused' OR verdict = '' AND note <> '')) AS bad,
				SUM(wanted = '' AND verdict = 'possibly_applied') AS unclear FROM {$wpdb->prefix}flx_order",
				ARRAY_A
			)
		);
	}

	/** What the settings lack. @return string[] */
	private static function of_settings(): array {
		$said = array();
		if ( ! Flxchannel_Settings::is_ready() ) {
			$said[] = __( 'The channel is switched off, or has no token or no state directory yet: see the settings.', 'flxchannel' );
		}
		if ( ! Flxchannel_Channel::is_reachable() ) {
			$said[] = __( 'This PHP cannot run the channel; round.sh does it from cron. Orders wait in the shop until then.', 'flxchannel' );
		}
		return $said;
	}

	/**
	 * When the work was done last.
	 *
	 * @param array $last Of the last round.
	 * @return string[]
	 */
	private static function of_rounds( array $last ): array {
		if ( ! $last ) {
			return array( __( 'No round has run yet.', 'flxchannel' ) );
		}
		/* translators: 1: a span of time, 2: the back end. */
		$text = __( 'The last round ended %1$s ago, by %2$s.', 'flxchannel' );
		$said = array( sprintf( $text, human_time_diff( $last['at'] ), self::ways()[ $last['way'] ] ?? $last['way'] ) );
		if ( '' !== $last['error'] ) {
			/* translators: %s: why. */
			$said[] = sprintf( __( 'It failed: %s', 'flxchannel' ), $last['error'] );
		}
		$said[] = $last['success_at']
			/* translators: %s: a span of time. */
			? sprintf( __( 'The last one without a fault was %s ago.', 'flxchannel' ), human_time_diff( $last['success_at'] ) )
			: __( 'None was without a fault yet.', 'flxchannel' );
		if ( time() - $last['at'] > 15 * MINUTE_IN_SECONDS ) {
			$said[] = __( 'That is long ago: see to it that cron calls wp-cron.php every minute.', 'flxchannel' );
		}
		return $said;
	}

	/** How the orders stand. @return string[] */
	private static function of_orders(): array {
		$counts = self::counts();
		/* translators: 1, 2, 3: numbers of orders. */
		$text = __( 'Orders: %1$d taken, %2$d at the hub, %3$d on their way there.', 'flxchannel' );
		$said = array( sprintf( $text, $counts['taken'], $counts['applied'], $counts['waiting'] ) );
		if ( $counts['bad'] > 0 ) {
			/* translators: %d: a number of orders. */
			$text   = _n(
				'%d order needs you: the list says why. Correct it and send it again.',
				'%d orders need you: the list says why. Correct them and send them again.',
				$counts['bad'],
				'flxchannel'
			);
			$said[] = sprintf( $text, $counts['bad'] );
		}
		if ( $counts['unclear'] > 0 ) {
			/* translators: %d: a number of orders. */
			$text   = _n(
				'%d order may be at the hub or not: look there before you send it again.',
				'%d orders may be at the hub or not: look there before you send them again.',
				$counts['unclear'],
				'flxchannel'
			);
			$said[] = sprintf( $text, $counts['unclear'] );
		}
		return $said;
	}

	/**
	 * What the last round did, and what a person has to do.
	 *
	 * @param array $summary Its summary.
	 * @return string[]
	 */
	private static function of_parts( array $summary ): array {
		$said  = array();
		$parts = self::parts();
		foreach ( $summary['parts'] ?? array() as $name => $part ) {
			$what = $parts[ $name ] ?? $name;
			if ( $part['done'] > 0 ) {
				/* translators: 1: what, 2: how many. */
				$said[] = sprintf( __( 'Done, %1$s: %2$d.', 'flxchannel' ), $what, $part['done'] );
			}
			if ( 'failed' === $part['end'] || $part['failed'] > 0 ) {
				$why = implode( '; ', array_map( array( self::class, 'why' ), $part['why'] ) );
				/* translators: 1: what, 2: why. */
				$said[] = sprintf( __( 'Not done, %1$s: %2$s', 'flxchannel' ), $what, $why );
			}
		}
		return array_merge( $said, $summary['to_do'] ?? array() );
	}

	/**
	 * A reason of the summary as text.
	 *
	 * @param mixed $why The reason.
	 */
	private static function why( mixed $why ): string {
		return is_string( $why ) ? $why : wp_json_encode( $why );
	}
}
