<?php
/**
 * The plugin beside `flx sync --exec`: where PHP may load no library, flx runs the round and this program stores what it brings.
 *
 *     flx sync --channel shop --parts results,publish,sync,orders,shipments,gone --exec 'php handler.php /srv/www/wp-load.php'
 *     php handler.php /srv/www/wp-load.php wanted      what is wanted of orders, a line each: word, number, revision, order
 *     php handler.php /srv/www/wp-load.php told WORD NUMBER REVISION STATUS      takes what flx said to this, and its exit status
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
			Flxchannel_Work::keep( $event, '', 'command' ); // Whatever this PHP could use, it was flx that ran the round.
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
		fwrite( STDOUT, "{$row['wanted']}\t{$row['number']}\t{$row['revision']}\t{$row['content']}\n" );
	}
}

/**
 * Takes what flx said when it was asked for what is wanted of an order.
 *
 * @param array  $row    The order as it was then: wanted, number, revision.
 * @param int    $status How flx ended.
 * @param string $said   What it said.
 */
function flxchannel_take_told( array $row, int $status, string $said ): void {
	$is_open = 1 === $status && 'cancel' === $row['wanted'];
	if ( 0 === $status || ( $is_open && str_contains( $said, '"given_up"' ) ) ) {
		Flxchannel_Orders::done( $row );
	} elseif ( ! $is_open ) {
		$failure = Flxchannel_Command_Failure::said( $said, "flx ended with $status" );
		Flxchannel_Orders::has_failed( $row, $failure->name, $failure->getMessage() );
	}
}

Flxchannel_Channel::has_package() || exit( 2 );
match ( $argv[2] ?? '' ) {
	''       => flxchannel_answer(),
	'wanted' => flxchannel_print_wanted(),
	'told'   => flxchannel_take_told(
		array(
			'wanted'   => $argv[3],
			'number'   => $argv[4],
			'revision' => $argv[5],
		),
		(int) $argv[6],
		stream_get_contents( STDIN )
	),
};
