<?php
/**
 * Takes away what the plugin put into WordPress: its tables, pages, settings and events. The state directory of the channel is
 * left: it remembers which orders were sent, and whoever installs the plugin again sends none of them twice.
 *
 * @package Flxchannel
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require __DIR__ . '/includes/class-flxchannel-store.php';

// Whoever is uninstalled is not active any more: without these WordPress would find neither pages nor categories.
register_post_type( 'flx_listing' );
register_taxonomy( 'flx_category', 'flx_listing' );

$flxchannel_pages = get_posts(
	array(
		'post_type'   => 'flx_listing',
		'post_status' => array_keys( get_post_stati() ), // "any" leaves those out that are in the trash.
		'numberposts' => -1,
		'fields'      => 'ids',
	)
);
array_push( $flxchannel_pages, (int) get_option( 'flxchannel_basket_page' ), (int) get_option( 'flxchannel_order_page' ) );
foreach ( array_filter( $flxchannel_pages ) as $flxchannel_page ) {
	wp_delete_post( $flxchannel_page, true );
}
foreach ( get_terms( array( 'taxonomy' => 'flx_category', 'hide_empty' => false, 'fields' => 'ids' ) ) as $flxchannel_term ) {
	wp_delete_term( $flxchannel_term, 'flx_category' );
}
Flxchannel_Store::remove();
foreach ( array( '', '_basket_page', '_order_page', '_last_round', '_schema' ) as $flxchannel_option ) {
	delete_option( "flxchannel$flxchannel_option" );
}
wp_clear_scheduled_hook( 'flxchannel_round' );
