<?php
/**
 * Commands for the shell.
 *
 * @package Flxchannel
 */

/**
 * Runs and looks after the channel.
 */
final class Flxchannel_CLI {

	/**
	 * Runs a round of all the work.
	 *
	 * ## OPTIONS
	 *
	 * [--budget=<ms>]
	 * : After so many milliseconds no more is read. As in the settings, if it is left out.
	 *
	 * [--loop=<seconds>]
	 * : Round after round, with so long a pause between two, until SIGTERM or SIGINT: a worker.
	 *
	 * @param array $args    Not used.
	 * @param array $options The options.
	 */
	public function round( array $args, array $options ): void {
		if ( isset( $options['loop'] ) ) {
			self::loop( (int) ( $options['budget'] ?? 0 ), (int) $options['loop'] );
			return;
		}
		$summary = Flxchannel_Work::round( (int) ( $options['budget'] ?? 0 ) );
		foreach ( Flxchannel_Report::sentences() as $sentence ) {
			WP_CLI::log( $sentence );
		}
		$summary ? WP_CLI::success( 'The round is over.' ) : WP_CLI::error( 'There was no round.' );
	}

	/**
	 * Says how the channel stands, as the report in the dashboard does.
	 */
	public function status(): void {
		foreach ( Flxchannel_Report::sentences() as $sentence ) {
			WP_CLI::log( $sentence );
		}
	}

	/**
	 * Asks the hub whether this channel can work.
	 */
	public function test(): void {
		$found = Flxchannel_Report::tested();
		$found['is_good'] ? WP_CLI::success( $found['text'] ) : WP_CLI::error( $found['text'] );
	}

	/**
	 * Lists the orders that the library keeps.
	 *
	 * ## OPTIONS
	 *
	 * [--state=<state>]
	 * : queued, sending, resolved or settled.
	 *
	 * [--format=<format>]
	 * : table, csv, json.
	 *
	 * @param array $args    Not used.
	 * @param array $options The options.
	 */
	public function outbox( array $args, array $options ): void {
		$orders  = Flxchannel_Channel::outbox( array_intersect_key( $options, array( 'state' => 1 ) ) );
		$columns = array( 'number', 'state', 'verdict', 'order_status', 'attempts', 'message' );
		WP_CLI\Utils\format_items( $options['format'] ?? 'table', $orders, $columns );
	}

	/**
	 * Tells all that happened to an order.
	 *
	 * ## OPTIONS
	 *
	 * <number>
	 * : The order's number.
	 *
	 * [--format=<format>]
	 * : table, csv, json.
	 *
	 * @param array $args    The number.
	 * @param array $options The options.
	 */
	public function history( array $args, array $options ): void {
		$events = Flxchannel_Channel::history( $args[0] )['events'];
		WP_CLI\Utils\format_items( $options['format'] ?? 'table', $events, array( 'at', 'what', 'http_status', 'verdict', 'message' ) );
	}

	/**
	 * Sends a refused order again.
	 *
	 * ## OPTIONS
	 *
	 * <number>
	 * : The order's number.
	 *
	 * @param array $args The number.
	 */
	public function retry( array $args ): void {
		Flxchannel_Orders::retry( $args[0] );
		WP_CLI::success( "{$args[0]} goes with the next round." );
	}

	/**
	 * Cancels an order wherever it stands.
	 *
	 * ## OPTIONS
	 *
	 * <number>
	 * : The order's number.
	 *
	 * @param array $args The number.
	 */
	public function cancel( array $args ): void {
		Flxchannel_Orders::cancel( $args[0] );
		Flxchannel_Orders::carry_out( $args[0] );
		Flxchannel_Orders::wanted( $args[0] )
			? WP_CLI::warning( "{$args[0]} is not canceled yet; the next round goes on." )
			: WP_CLI::success( "{$args[0]} is canceled, or its note says why it cannot be." );
	}

	/**
	 * Runs round after round. A signal ends it after the round that it came in.
	 *
	 * @param int $budget_ms After so many milliseconds a round reads no more.
	 * @param int $pause_s   Between two rounds.
	 */
	private static function loop( int $budget_ms, int $pause_s ): void {
		$is_over = false;
		pcntl_async_signals( true );
		foreach ( array( SIGTERM, SIGINT ) as $signal ) {
			pcntl_signal(
				$signal,
				static function () use ( &$is_over ): void {
					$is_over = true;
				}
			);
		}
		while ( ! $is_over ) {
			Flxchannel_Work::round( $budget_ms );
			wp_cache_flush_runtime(); // Other processes have written meanwhile. What all of them share in a cache is left alone.
			for ( $waited = 0; $waited < $pause_s && ! $is_over; $waited++ ) {
				sleep( 1 );
			}
		}
	}
}
