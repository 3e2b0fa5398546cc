<?php
/**
 * The plugin beside `flx sync --exec`: where PHP may load no library, flx runs the round and this program stores what it brings.
 *
 *     flx sync --channel shop --parts results,publish,sync,orders,shipments,gone --exec 'php handler.php /srv/www/wp-load.php'
 *     php handler.php /srv/www/wp-load.php wanted              what is wanted of orders: word, number, order, a line each
 *     php handler.php /srv/www/wp-load.php done WORD NUMBER    says that this was done
 *
 * @package Flxchannel
 */

( 'cli' === PHP_SAPI && is_file( $argv[1] ?? '' ) ) || exit( 2 );
ini_set( 'display_errors', 'stderr' );

// Standard output is for replies alone, whatever other plugins print.
ob_start( static fn (): string => '', 4096 );
require $argv[1];

/**
 * Answers the events of a round, line by line.
 */
function flxchannel_answer(): void {
	$handlers = Flxchannel_Work::handlers();
	while ( true ) {
		$line = fgets( STDIN );
		if ( false === $line ) {
			return;
		}
		$event = \Flxchannel\Json::exact( $line ); // Money stays the text that it is.
		if ( 'summary' === $event['type'] ) {
			Flxchannel_Work::keep( $event );
		}
		if ( ! isset( $event['event'] ) ) {
			continue;
		}
		$handler = $handlers[ $event['type'] ] ?? null;
		try {
			$reply = $handler ? $handler( $event ) : array( 'later' => 'there is no handler for it' );
		} catch ( Throwable $thrown ) {
			fwrite( STDERR, "flxchannel: {$event['type']}: {$thrown->getMessage()}\n" );
			$reply = array( 'later' => 'the handler failed with ' . $thrown::class );
		}
		fwrite( STDOUT, wp_json_encode( array( 'event' => $event['event'], 'reply' => $reply ) ) . "\n" );
	}
}

/**
 * Prints what is wanted of orders.
 */
function flxchannel_print_wanted(): void {
	foreach ( Flxchannel_Orders::wanted() as $row ) {
		fwrite( STDOUT, "{$row['wanted']}\t{$row['number']}\t{$row['content']}\n" );
	}
}

/**
 * Says that something was done, unless something else is wanted by now.
 *
 * @param string $what   The word.
 * @param string $number The order's number.
 */
function flxchannel_say_done( string $what, string $number ): void {
	foreach ( Flxchannel_Orders::wanted( $number ) as $row ) {
		if ( $row['wanted'] === $what ) {
			Flxchannel_Orders::done( $row );
		}
	}
}

Flxchannel_Channel::has_package() || exit( 2 );
match ( $argv[2] ?? '' ) {
	''       => flxchannel_answer(),
	'wanted' => flxchannel_print_wanted(),
	'done'   => flxchannel_say_done( $argv[3], $argv[4] ),
};
