<?php
/**
 * The way from this PHP to the library.
 *
 * @package Flxchannel
 */

/**
 * The channel, by whatever this PHP allows: the C extension, FFI, or the command `flx`; and where none of them is, by cron alone.
 *
 * It passes calls on and decides nothing. A call that cannot be made here throws; what it was to do stands in the shop's tables
 * and is done by the next round, wherever that runs.
 */
final class Flxchannel_Channel {

	/**
	 * The open client of this request.
	 *
	 * @var \Flxchannel\Client|null
	 */
	private static ?object $client = null;

	/**
	 * What was found, once it was looked for.
	 *
	 * @var array{way: string, why: array<string, string>}|null
	 */
	private static ?array $found = null;

	/**
	 * Finds the way: "extension", "ffi", "command" or "cron", and why each before it does not work here.
	 *
	 * @return array{way: string, why: array<string, string>}
	 */
	public static function found(): array {
		if ( null === self::$found ) {
			$why         = array();
			$way         = self::loaded( $why ) ?? self::started( $why ) ?? 'cron';
			self::$found = array(
				'way' => $way,
				'why' => $why,
			);
		}
		return self::$found;
	}

	/** Whether calls take no process and no network, so that a buyer's request may make them. */
	public static function is_near(): bool {
		return in_array( self::found()['way'], array( 'extension', 'ffi' ), true );
	}

	/** Whether this PHP can make calls at all. */
	public static function is_reachable(): bool {
		return 'cron' !== self::found()['way'];
	}

	/**
	 * Hands an order over. It is durable when this returns, and may be handed over as often as one likes.
	 *
	 * @param array $order The order in the hub's names.
	 */
	public static function submit( array $order ): void {
		self::is_near() ? self::client()->submit( $order ) : Flxchannel_Command::submit( $order );
	}

	/**
	 * Runs a round of all the work.
	 *
	 * @param array<string, callable> $handlers One for each type of event.
	 * @param array                   $plan     The plan: budget_ms, every_s, parts.
	 * @return array The summary.
	 */
	public static function sync( array $handlers, array $plan ): array {
		return self::is_near() ? self::client()->sync( $handlers, $plan ) : Flxchannel_Command::sync( $plan );
	}

	/**
	 * The orders that the library keeps.
	 *
	 * @param array $filter By state, verdict, number, limit, after.
	 */
	public static function outbox( array $filter = array() ): array {
		return self::is_near() ? self::client()->outbox( $filter ) : Flxchannel_Command::outbox( $filter );
	}

	/**
	 * All that happened to an order.
	 *
	 * @param string $number Its number.
	 */
	public static function history( string $number ): array {
		return self::is_near() ? self::client()->history( $number ) : Flxchannel_Command::ask( 'order', 'history', '--json', '--', $number );
	}

	/**
	 * Queues an order again that was refused or given up.
	 *
	 * @param string $number Its number.
	 */
	public static function retry( string $number ): void {
		self::is_near() ? self::client()->retry( $number ) : Flxchannel_Command::run( array( 'order', 'retry', '--', $number ) );
	}

	/**
	 * Cancels an order wherever it stands, and says what became of it.
	 *
	 * @param string $number  Its number.
	 * @param int    $wait_ms How long the hub may take.
	 * @return string not_sent, canceled, asked, given_up, not_at_hub or in_doubt.
	 */
	public static function cancel( string $number, int $wait_ms ): string {
		$end = self::is_near()
			? self::client()->cancelOrder( $number, $wait_ms )
			: Flxchannel_Command::cancel( $number, $wait_ms );
		return $end['outcome'];
	}

	/**
	 * Asks the hub whether this channel can work: a few cheap requests.
	 *
	 * @param int $wait_ms How long it may take.
	 */
	public static function probe( int $wait_ms ): array {
		return self::is_near() ? self::client()->probe( $wait_ms ) : Flxchannel_Command::probe();
	}

	/**
	 * Removes a buyer's data from what the library keeps of a settled order. One that it does not know, it has nothing of.
	 *
	 * @param string $number The order's number.
	 */
	public static function purge( string $number ): void {
		try {
			self::is_near()
				? self::client()->purge( array( 'numbers' => array( $number ) ) )
				: Flxchannel_Command::run( array( 'order', 'purge', '--', $number ) );
		} catch ( Throwable $wrong ) {
			if ( 'FLX_E_NOT_FOUND' !== self::name_of( $wrong ) ) {
				throw $wrong;
			}
		}
	}

	/**
	 * The library's name of what went wrong, such as "FLX_E_CONFLICT"; nothing if it is not the library's.
	 *
	 * @param Throwable $wrong What was thrown.
	 */
	public static function name_of( Throwable $wrong ): string {
		return $wrong instanceof \Flxchannel\FlxException || $wrong instanceof Flxchannel_Command_Failure ? $wrong->name : '';
	}

	/** Makes the classes of the PHP package known, and says whether they are there. */
	public static function has_package(): bool {
		if ( class_exists( \Flxchannel\Client::class ) ) {
			return true; // Preloaded, or Composer's.
		}
		$places = array_filter(
			array(
				Flxchannel_Settings::get( 'package' ),
				dirname( FLXCHANNEL_FILE ) . '/vendor/flxchannel/autoload.php',
				'/usr/local/share/flxchannel/php/autoload.php',
				'/usr/share/flxchannel/php/autoload.php',
			),
			static fn ( string $file ): bool => '' !== $file && is_file( $file )
		);
		if ( $places ) {
			require_once reset( $places );
		}
		return class_exists( \Flxchannel\Client::class );
	}

	/** The client of this request. Opening it makes no request of the hub. */
	private static function client(): object {
		self::$client ??= new \Flxchannel\Client( Flxchannel_Settings::config() );
		return self::$client;
	}

	/**
	 * The library in this process.
	 *
	 * @param array<string, string> $why Receives why it is not.
	 */
	private static function loaded( array &$why ): ?string {
		if ( ! self::has_package() ) {
			$why['extension'] = __( 'the PHP package of flxchannel is not installed', 'flxchannel' );
			$why['ffi']       = $why['extension'];
			return null;
		}
		$is_extension = extension_loaded( 'flxchannel' );
		if ( ! $is_extension ) {
			$why['extension'] = __( 'PHP has no extension flxchannel', 'flxchannel' );
		}
		try {
			\Flxchannel\Library::version();
			return $is_extension ? 'extension' : 'ffi';
		} catch ( Throwable $refused ) { // An Error where PHP has no FFI at all.
			$why[ $is_extension ? 'extension' : 'ffi' ] = $refused->getMessage();
			return null;
		}
	}

	/**
	 * The command, as a process of its own.
	 *
	 * @param array<string, string> $why Receives why it is not.
	 */
	private static function started( array &$why ): ?string {
		if ( ! function_exists( 'proc_open' ) ) {
			$why['command'] = __( 'this PHP may start no program: proc_open is disabled', 'flxchannel' );
			return null;
		}
		if ( '' === Flxchannel_Command::program() ) {
			$why['command'] = __( 'the command flx is not installed, or this PHP may not see it', 'flxchannel' );
			return null;
		}
		return 'command';
	}
}
