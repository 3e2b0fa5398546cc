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
}
