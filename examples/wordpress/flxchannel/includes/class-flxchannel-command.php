<?php
/**
 * The command flx.
 *
 * @package Flxchannel
 */

/**
 * The channel by the command `flx`, where PHP may start a program and load no library.
 *
 * The settings go by the environment, so that no list of processes shows the token. A round has `handler.php` beside it.
 */
final class Flxchannel_Command {

	/** The parts of a round that the plugin has handlers for. */
	private const PARTS = array( 'results', 'publish', 'sync', 'orders', 'shipments', 'gone' );

	/** Where the program is, or nothing. */
	public static function program(): string {
		$places = array( Flxchannel_Settings::get( 'flx' ), '/usr/local/bin/flx', '/usr/bin/flx' );
		foreach ( array_filter( $places ) as $place ) {
			if ( is_executable( $place ) ) {
				return $place;
			}
		}
		return '';
	}

	/**
	 * Asks one thing.
	 *
	 * @param string ...$words The command line.
	 * @return array The answer.
	 */
	public static function ask( string ...$words ): array {
		return json_decode( self::run( $words ), true, 64, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING );
	}

	/**
	 * As Flxchannel_Channel::submit().
	 *
	 * @param array $order The order in the hub's names.
	 */
	public static function submit( array $order ): void {
		self::run( array( 'order', 'submit', '-', '--json' ), wp_json_encode( $order ) );
	}

	/**
	 * As Flxchannel_Channel::outbox().
	 *
	 * @param array $filter By state, verdict, limit, after.
	 */
	public static function outbox( array $filter ): array {
		$words = array( 'outbox', '--json' );
		foreach ( $filter as $name => $value ) {
			array_push( $words, "--$name", (string) $value );
		}
		return self::ask( ...$words );
	}

	/**
	 * As Flxchannel_Channel::cancel(). flx ends with 1 where the end is open, which is an answer as well.
	 *
	 * @param string $number  The order's number.
	 * @param int    $wait_ms How long the hub may take.
	 */
	public static function cancel( string $number, int $wait_ms ): array {
		$words = array( 'order', 'cancel', '--json', '--wait', (string) max( 1, intdiv( $wait_ms, 1000 ) ), '--', $number );
		return json_decode( self::run( $words, '', array( 0, 1 ) ), true, 64, JSON_THROW_ON_ERROR );
	}

	/** As Flxchannel_Channel::probe(). */
	public static function probe(): array {
		$checks = self::run( array( 'doctor', '--json' ), '', array( 0, 1 ) );
		$wrong  = array_filter(
			json_decode( $checks, true, 64, JSON_THROW_ON_ERROR ),
			static fn ( array $check ): bool => 'fail' === $check['state']
		);
		$first  = reset( $wrong );
		return array(
			'reachable' => ! $wrong,
			'token'     => $wrong ? '' : 'accepted',
			'advice'    => $wrong ? "{$first['text']}; {$first['advice']}" : '',
		);
	}

	/**
	 * As Flxchannel_Channel::sync(): events go to handler.php, which WordPress is loaded in.
	 *
	 * @param array $plan The plan: budget_ms, every_s, parts.
	 * @throws Flxchannel_Command_Failure There is no summary.
	 */
	public static function sync( array $plan ): array {
		$handler = array( Flxchannel_Settings::get( 'php' ), dirname( FLXCHANNEL_FILE ) . '/handler.php', ABSPATH . 'wp-load.php' );
		$words   = array( 'sync', '--json', '--exec', implode( ' ', array_map( 'escapeshellarg', $handler ) ) );
		array_push( $words, '--budget', (string) max( 1, intdiv( (int) $plan['budget_ms'], 1000 ) ) );
		foreach ( $plan['every_s'] ?? array() as $part => $seconds ) {
			array_push( $words, '--every', "$part=$seconds" );
		}
		array_push( $words, '--parts', implode( ',', $plan['parts'] ?? self::PARTS ) );
		$said    = self::run( $words, '', array( 0, 1, 4, 5 ) );
		$summary = json_decode( $said, true, 64, JSON_BIGINT_AS_STRING );
		if ( ! isset( $summary['parts'] ) ) {
			throw new Flxchannel_Command_Failure( '', "flx sync ended without a summary: $said" );
		}
		return $summary;
	}

	/**
	 * Runs the program to its end.
	 *
	 * @param string[] $words The command line.
	 * @param string   $input What it reads.
	 * @param int[]    $good  The exit statuses that have an answer.
	 * @return string What it prints.
	 * @throws Flxchannel_Command_Failure What it says is wrong.
	 */
	public static function run( array $words, string $input = '', array $good = array( 0 ) ): string {
		if ( ! Flxchannel_Channel::is_reachable() ) {
			throw new Flxchannel_Command_Failure( '', __( 'This PHP cannot reach the channel; flx can.', 'flxchannel' ) );
		}
		$environment = array( 'PATH' => getenv( 'PATH' ) ? getenv( 'PATH' ) : '/usr/local/bin:/usr/bin:/bin' );
		foreach ( Flxchannel_Settings::config() as $key => $value ) {
			$environment[ 'FLXCHANNEL_' . strtoupper( str_replace( '.', '_', $key ) ) ] = (string) $value;
		}
		foreach ( array( 'LD_LIBRARY_PATH', 'LANG' ) as $name ) {
			$environment += false === getenv( $name ) ? array() : array( $name => getenv( $name ) );
		}
		$pipes   = array();
		$errors  = tmpfile(); // A file, so that nobody waits for anybody.
		$process = proc_open(
			array( self::program(), ...$words ),
			array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), $errors ),
			$pipes,
			null,
			$environment
		);
		if ( ! is_resource( $process ) ) {
			throw new RuntimeException( 'flx cannot be started' );
		}
		fwrite( $pipes[0], $input );
		fclose( $pipes[0] );
		$said = stream_get_contents( $pipes[1] );
		fclose( $pipes[1] );
		$status = proc_close( $process );
		rewind( $errors );
		$wrong = trim( stream_get_contents( $errors ) );
		fclose( $errors );
		if ( ! in_array( $status, $good, true ) ) {
			throw Flxchannel_Command_Failure::said( $wrong, "flx ended with $status" );
		}
		return $said;
	}
}
