<?php
/**
 * The channel's work in the background.
 *
 * @package Flxchannel
 */

/**
 * A round of all the work, time-boxed: from WP-Cron, from the command line, from a button.
 *
 * Rounds may overlap, in any number of processes: the library sees to it that each order and each feed is one process's.
 */
final class Flxchannel_Work {

	/** Of the last round: when, by which way, its summary or why there is none. */
	public const LAST = 'flxchannel_last_round';

	/** Hangs the hooks. */
	public static function init(): void {
		add_filter( 'cron_schedules', array( self::class, 'schedules' ) );
		add_action( 'flxchannel_round', array( self::class, 'round' ) );
	}

	/**
	 * A minute is not among WordPress's own.
	 *
	 * @param array $schedules Those that there are.
	 */
	public static function schedules( array $schedules ): array {
		$schedules['flxchannel_minute'] = array(
			'interval' => MINUTE_IN_SECONDS,
			'display'  => __( 'Every minute', 'flxchannel' ),
		);
		return $schedules;
	}

	/** Plans the rounds. */
	public static function install(): void {
		add_filter( 'cron_schedules', array( self::class, 'schedules' ) );
		if ( ! wp_next_scheduled( 'flxchannel_round' ) ) {
			wp_schedule_event( time(), 'flxchannel_minute', 'flxchannel_round' );
		}
	}

	/** Plans no more. */
	public static function stop(): void {
		wp_clear_scheduled_hook( 'flxchannel_round' );
	}

	/**
	 * Runs a round, and keeps what came of it for the report.
	 *
	 * @param int $budget_ms After that no more is read; 0: as the settings say.
	 * @return array The summary; empty if there is none.
	 */
	public static function round( int $budget_ms = 0 ): array {
		if ( ! Flxchannel_Settings::is_ready() || ! Flxchannel_Channel::is_reachable() ) {
			return array();
		}
		$budget_ms = $budget_ms > 0 ? $budget_ms : max( 1000, (int) Flxchannel_Settings::get( 'budget_ms' ) );
		try {
			$begun = hrtime( true );
			Flxchannel_Orders::carry_out( null, intdiv( $budget_ms, 2 ) );
			$left_ms = max( 1000, $budget_ms - intdiv( hrtime( true ) - $begun, 1000000 ) );
			/**
			 * The plan of a round: `budget_ms`, `every_s`, `parts`, as flxchannel.h has them.
			 */
			$plan    = apply_filters( 'flxchannel_plan', array( 'budget_ms' => $left_ms ) );
			$summary = Flxchannel_Channel::sync( self::handlers(), $plan );
			self::keep( $summary );
			return $summary;
		} catch ( Throwable $thrown ) {
			self::keep( array(), $thrown->getMessage() );
			return array();
		}
	}

	/** A function for each type of event. @return array<string, callable> */
	public static function handlers(): array {
		return Flxchannel_Catalogue::handlers() + Flxchannel_News::handlers();
	}

	/**
	 * Keeps what came of a round.
	 *
	 * @param array  $summary The summary, or nothing.
	 * @param string $error   Why there is none.
	 * @param string $way     The way by which it was run; by itself, the way of this PHP.
	 */
	public static function keep( array $summary, string $error = '', string $way = '' ): void {
		$last     = get_option( self::LAST, array() );
		$ends     = array_column( $summary['parts'] ?? array(), 'end' );
		$has_done = '' === $error && empty( $summary['stopped'] ) && ! in_array( 'failed', $ends, true );
		update_option(
			self::LAST,
			array(
				'at'         => time(),
				'way'        => '' === $way ? Flxchannel_Channel::found()['way'] : $way,
				'summary'    => $summary,
				'error'      => $error,
				'success_at' => $has_done ? time() : ( $last['success_at'] ?? 0 ),
			),
			false
		);
	}
}
