<?php
/**
 * The plugin's settings.
 *
 * @package Flxchannel
 */

/**
 * Settings, as wp-config.php has them in constants, else as they were typed in, else as they are by default.
 *
 * A constant is called as its setting: FLXCHANNEL_TOKEN, FLXCHANNEL_STATE_DIR. The token is best there: no backup of the database
 * has it then.
 */
final class Flxchannel_Settings {

	public const OPTION = 'flxchannel';

	/** The settings with their defaults. */
	private const DEFAULTS = array(
		'enabled'       => '',
		'channel'       => 'wordpress',
		'token'         => '',
		'state_dir'     => '',
		'origin'        => 'https://api.flxpoint.com',
		'budget_ms'     => '20000',
		'prefix'        => 'W-',
		'shipping_text' => 'Standard',
		'currency'      => 'USD',
	);

	/** What this shop runs: for wp-config.php alone, since whoever may change settings may not choose programs. */
	private const PROGRAMS = array(
		'package' => '',
		'flx'     => '',
		'php'     => PHP_BINDIR . '/php',
	);

	/**
	 * One setting, as text.
	 *
	 * @param string $name Its name.
	 */
	public static function get( string $name ): string {
		if ( self::is_fixed( $name ) ) {
			return (string) constant( 'FLXCHANNEL_' . strtoupper( $name ) );
		}
		if ( isset( self::PROGRAMS[ $name ] ) ) {
			return self::PROGRAMS[ $name ];
		}
		$stored = get_option( self::OPTION, array() );
		return (string) ( $stored[ $name ] ?? self::DEFAULTS[ $name ] );
	}

	/**
	 * Whether wp-config.php has the last word on a setting.
	 *
	 * @param string $name Its name.
	 */
	public static function is_fixed( string $name ): bool {
		return defined( 'FLXCHANNEL_' . strtoupper( $name ) );
	}

	/** Whether the channel is switched on and has what it needs. */
	public static function is_ready(): bool {
		return '' !== self::get( 'enabled' ) && '' !== self::get( 'token' ) && '' !== self::get( 'state_dir' );
	}

	/** The settings that are the library's, under its names. */
	public static function config(): array {
		return array(
			'channel'         => self::get( 'channel' ),
			'token'           => self::get( 'token' ),
			'state_dir'       => self::get( 'state_dir' ),
			'origin'          => self::get( 'origin' ),
			'http.user_agent' => 'WordPress/' . get_bloginfo( 'version' ),
		);
	}

	/** The names of the settings that have a field. @return string[] */
	public static function names(): array {
		return array_keys( self::DEFAULTS );
	}
}
