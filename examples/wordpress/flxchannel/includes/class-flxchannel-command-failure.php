<?php
/**
 * What the command flx says is wrong.
 *
 * @package Flxchannel
 */

/** As the exceptions of the PHP package: a name for programs, a message for people. */
final class Flxchannel_Command_Failure extends RuntimeException {

	/**
	 * Made of what flx printed.
	 *
	 * @param string $name    The library's name of it, or nothing.
	 * @param string $message What to read.
	 */
	public function __construct( public readonly string $name, string $message ) {
		parent::__construct( $message );
	}

	/**
	 * What flx wrote to standard error: JSON, or a line for people, "flx: message [FLX_E_NAME]".
	 *
	 * @param string $text  That.
	 * @param string $about What to say before it, where it is neither.
	 */
	public static function said( string $text, string $about ): self {
		$error = json_decode( $text, true );
		if ( isset( $error['error'] ) ) {
			$name = (string) ( $error['name'] ?? '' );
			return new self( $name, '' === $name ? $error['error'] : "$name: {$error['error']}" );
		}
		$is_named = preg_match( '/^flx: (.*) \[(FLX_E_[A-Z_]+)\]$/m', $text, $parts );
		return $is_named ? new self( $parts[2], "{$parts[2]}: {$parts[1]}" ) : new self( '', trim( "$about: $text" ) );
	}
}
