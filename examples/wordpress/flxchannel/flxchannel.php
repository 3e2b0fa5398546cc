<?php
/**
 * Plugin Name:       Flxchannel
 * Description:       Sells what the hub Flxpoint lists, sends it the orders, and shows buyers where their parcels are.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      8.2
 * License:           MIT
 * Text Domain:       flxchannel
 * Domain Path:       /languages
 *
 * What the plugin does is in includes/, one idea a file. What a channel has to know (what to send again and what not, how to
 * read a list to its end, how fast to ask) is in the library, and none of it here.
 *
 * @package Flxchannel
 */

defined( 'ABSPATH' ) || exit;

define( 'FLXCHANNEL_FILE', __FILE__ );

spl_autoload_register(
	static function ( string $name ): void {
		if ( ! str_starts_with( $name, 'Flxchannel_' ) ) {
			return;
		}
		$file = 'class-' . str_replace( '_', '-', strtolower( $name ) ) . '.php';
		foreach ( array( 'includes', 'admin', 'public' ) as $folder ) {
			if ( is_file( __DIR__ . "/$folder/$file" ) ) {
				require __DIR__ . "/$folder/$file";
			}
		}
	}
);

register_activation_hook( __FILE__, array( Flxchannel_Store::class, 'install' ) );
register_activation_hook( __FILE__, array( Flxchannel_Shopfront::class, 'install' ) );
register_activation_hook( __FILE__, array( Flxchannel_Work::class, 'install' ) );
register_deactivation_hook( __FILE__, array( Flxchannel_Work::class, 'stop' ) );

add_action( 'init', 'flxchannel_init' );

/** Texts first: what is registered after them is translated. */
function flxchannel_init(): void {
	load_plugin_textdomain( 'flxchannel', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	Flxchannel_Shopfront::init();
	Flxchannel_Basket::init();
	Flxchannel_Orders::init();
	Flxchannel_Work::init();
	Flxchannel_Privacy::init();
	if ( is_admin() ) {
		Flxchannel_Admin::init();
		Flxchannel_Settings_Page::init();
		add_action( 'admin_init', array( Flxchannel_Store::class, 'upgrade' ) );
	}
	if ( defined( 'WP_CLI' ) && WP_CLI ) {
		WP_CLI::add_command( 'flxchannel', Flxchannel_CLI::class );
	}
}
