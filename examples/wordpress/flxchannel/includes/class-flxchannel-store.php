<?php
/**
 * The plugin's tables.
 *
 * @package Flxchannel
 */

/**
 * What the shop knows of listings, orders and parcels. Product pages are posts; what is bought by the thousand stands in tables.
 *
 * Nothing here knows the hub: whoever calls says what is so, and it is stored.
 */
final class Flxchannel_Store {

	private const SCHEMA = '1';

	/** How often a transaction is begun that gives way to another. */
	private const TRIES = 3;

	/** Brings the tables up to date after an upgrade, which activates nothing. */
	public static function upgrade(): void {
		if ( self::SCHEMA !== get_option( 'flxchannel_schema' ) ) {
			self::install();
		}
	}

	/** Makes the tables, or brings them up to date. */
	public static function install(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$collate = $wpdb->get_charset_collate() . ' ENGINE=InnoDB'; // Which has transactions, whatever the server makes otherwise.
		// Numbers go on behind those of an earlier installation, whose orders the channel's state still has.
		$first = intdiv( time(), MINUTE_IN_SECONDS );
		// SKUs and numbers are compared by their bytes, as the hub does.
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}flx_parent (
			id varchar(40) NOT NULL,
			post_id bigint(20) unsigned NOT NULL,
			PRIMARY KEY  (id),
			KEY post_id (post_id)
			) $collate;
			CREATE TABLE {$wpdb->prefix}flx_variant (
			id varchar(40) NOT NULL,
			parent_id varchar(40) NOT NULL,
			sku varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
			external_id varchar(200) NOT NULL,
			title text NOT NULL,
			price varchar(32) NULL,
			quantity int(11) NOT NULL DEFAULT 0,
			reserved int(11) NOT NULL DEFAULT 0,
			status varchar(20) NOT NULL DEFAULT 'listed',
			PRIMARY KEY  (id),
			KEY parent_id (parent_id),
			KEY sku (sku)
			) $collate;
			CREATE TABLE {$wpdb->prefix}flx_order (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			number varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
			form_hash char(64) NULL,
			access_key char(36) NOT NULL,
			placed_at datetime NOT NULL,
			email varchar(190) NOT NULL DEFAULT '',
			content longtext NOT NULL,
			reserved longtext NOT NULL,
			revision int(11) NOT NULL DEFAULT 1,
			wanted varchar(10) NOT NULL DEFAULT '',
			verdict varchar(20) NOT NULL DEFAULT '',
			hub_id varchar(40) NOT NULL DEFAULT '',
			hub_status varchar(40) NOT NULL DEFAULT '',
			shipped varchar(40) NOT NULL DEFAULT '',
			hub_lines longtext NOT NULL,
			note text NOT NULL,
			PRIMARY KEY  (id),
			UNIQUE KEY number (number),
			UNIQUE KEY form_hash (form_hash),
			KEY email (email),
			KEY wanted (wanted)
			) $collate AUTO_INCREMENT=$first;
			CREATE TABLE {$wpdb->prefix}flx_parcel (
			id varchar(40) NOT NULL,
			number varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
			carrier varchar(190) NOT NULL DEFAULT '',
			tracking varchar(190) NOT NULL DEFAULT '',
			url text NOT NULL,
			items longtext NOT NULL,
			for_buyer tinyint(1) NOT NULL DEFAULT 0,
			PRIMARY KEY  (id),
			KEY number (number)
			) $collate;"
		);
		update_option( 'flxchannel_schema', self::SCHEMA, false );
	}

	/** Takes the tables away. */
	public static function remove(): void {
		global $wpdb;
		$wpdb->query(
			"DROP TABLE IF EXISTS {$wpdb->prefix}flx_parent, {$wpdb->prefix}flx_variant, {$wpdb->prefix}flx_order,
				{$wpdb->prefix}flx_parcel"
		);
	}

	/**
	 * Does several things in one transaction. What is in it must be right twice: after a crash it comes again.
	 *
	 * @param callable $work What is done.
	 * @return mixed What that returns.
	 * @throws Throwable What that throws; nothing of it is stored then.
	 */
	public static function together( callable $work ): mixed {
		global $wpdb;
		for ( $tries = 1; ; $tries++ ) {
			try {
				self::must( $wpdb->query( 'START TRANSACTION' ) );
				$result = $work();
				self::must( $wpdb->query( 'COMMIT' ) );
				return $result;
			} catch ( Throwable $thrown ) {
				$wpdb->query( 'ROLLBACK' );
				// Two that wait for one another: the database has one of them give way, and it may well begin again.
				if ( ! $thrown instanceof Flxchannel_Not_Stored || self::TRIES === $tries ) {
					throw $thrown;
				}
			}
		}
	}

	/**
	 * Passes on what `$wpdb` says of something that it was to store: it says false, and goes on, where others throw.
	 *
	 * @param int|bool $result What it says.
	 * @return int How many rows it was.
	 * @throws Flxchannel_Not_Stored It is not stored.
	 */
	public static function must( int|bool $result ): int {
		global $wpdb;
		if ( false === $result ) {
			throw new Flxchannel_Not_Stored( 'the database did not store it: ' . $wpdb->last_error );
		}
		return (int) $result;
	}
}
