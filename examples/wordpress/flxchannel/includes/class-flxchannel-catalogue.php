<?php
/**
 * Listings of the hub as product pages.
 *
 * @package Flxchannel
 */

/**
 * Takes the events of listings: a parent is a post of the type flx_listing, its variants are rows beneath it.
 *
 * Each handler stores first and then says so. All of them are right twice, for an event may come again.
 */
final class Flxchannel_Catalogue {

	/** The handlers of a round, by type of event. @return array<string, callable> */
	public static function handlers(): array {
		return array(
			'publish' => array( self::class, 'publish' ),
			'sync'    => array( self::class, 'sync' ),
			'change'  => array( self::class, 'change' ),
			'gone'    => array( self::class, 'gone' ),
		);
	}

	/**
	 * Makes a product page, or writes it anew, and answers with the shop's own ids.
	 *
	 * @param array $event The event; its record is the parent with its variants.
	 */
	public static function publish( array $event ): array {
		$parent = $event['record'];
		return Flxchannel_Store::together(
			static function () use ( $parent ): array {
				$post_id  = self::store_page( $parent );
				$variants = array();
				foreach ( $parent['variants'] ?? array() as $variant ) {
					$variants[] = array(
						'id'         => $variant['id'],
						'externalId' => self::store_variant( $variant, (string) $parent['id'] ),
					);
				}
				self::show( (string) $parent['id'] );
				return array(
					'externalId' => $parent['externalListingId'] ?? "page-$post_id",
					'variants'   => $variants,
				);
			}
		);
	}

	/**
	 * Brings price, quantity and status of a variant up to date.
	 *
	 * @param array $event The event; its record is the variant, often with its parent.
	 */
	public static function sync( array $event ): bool {
		$variant = $event['record'];
		return Flxchannel_Store::together(
			static function () use ( $variant ): bool {
				$parent_id = (string) ( $variant['listingParentId'] ?? $variant['parent']['id'] ?? self::parent_of( (string) $variant['id'] ) );
				if ( isset( $variant['parent']['id'] ) && ! self::post_of( $parent_id ) ) {
					self::store_page( $variant['parent'] ); // Linked at the hub to what was never published here.
				}
				self::store_variant( $variant, $parent_id );
				self::show( $parent_id );
				return true;
			}
		);
	}

	/**
	 * Hides, shows or takes down, as the merchant asked for at the hub, which believes it only when this says true.
	 *
	 * @param array $event The event; "to" is the status wanted, "of" says of what.
	 */
	public static function change( array $event ): bool {
		global $wpdb;
		return Flxchannel_Store::together(
			static function () use ( $event, $wpdb ): bool {
				// What is to go comes with its change alone, and may never have been here.
				$record    = $event['record'];
				$of_parent = 'parent' === $event['of'];
				$parent    = $of_parent ? $record : $record['parent'] ?? array();
				$parent_id = (string) ( $parent['id'] ?? $record['listingParentId'] ?? self::parent_of( (string) $event['id'] ) );
				if ( $parent && ! self::post_of( $parent_id ) ) {
					self::store_page( $parent );
				}
				foreach ( $of_parent ? $record['variants'] ?? array() : array( $record ) as $variant ) {
					self::store_variant( $variant, $parent_id );
				}
				$column = $of_parent ? 'parent_id' : 'id';
				$which  = array( $column => $event['id'] );
				Flxchannel_Store::must( $wpdb->update( $wpdb->prefix . 'flx_variant', array( 'status' => $event['to'] ), $which ) );
				self::tell( $parent_id, $of_parent ? '' : (string) $event['id'] );
				self::show( $parent_id );
				return true;
			}
		);
	}

	/**
	 * The hub no longer has this listing: it must not be sold any more.
	 *
	 * @param array $event The event.
	 */
	public static function gone( array $event ): bool {
		global $wpdb;
		return Flxchannel_Store::together(
			static function () use ( $event, $wpdb ): bool {
				$parent_id = self::parent_of( (string) $event['id'] );
				$which     = array( 'id' => $event['id'] );
				// Whoever sells it somewhere else hears of it as of any other status.
				Flxchannel_Store::must( $wpdb->update( $wpdb->prefix . 'flx_variant', array( 'status' => 'gone' ), $which ) );
				self::tell( $parent_id, (string) $event['id'] );
				Flxchannel_Store::must( $wpdb->delete( $wpdb->prefix . 'flx_variant', $which ) );
				self::show( $parent_id );
				return true;
			}
		);
	}

	/**
	 * The variants of a page that can be bought, cheapest last known price first.
	 *
	 * @param int $post_id The page.
	 * @return array<int, array<string, string>>
	 */
	public static function offers( int $post_id ): array {
		global $wpdb;
		return $wpdb->get_results(
			$wpdb->prepare(
				"SELECT v.* FROM {$wpdb->prefix}flx_variant v JOIN {$wpdb->prefix}flx_parent p ON p.id = v.parent_id
				WHERE p.post_id = %d AND v.status = 'listed' AND v.price IS NOT NULL ORDER BY CAST(v.price AS DECIMAL(20,6)), v.id",
				$post_id
			),
			ARRAY_A
		);
	}

	/**
	 * A variant that can be bought, or null.
	 *
	 * @param string $id The hub's id of it.
	 */
	public static function offer( string $id ): ?array {
		global $wpdb;
		return $wpdb->get_row(
			$wpdb->prepare(
				"SELECT * FROM {$wpdb->prefix}flx_variant WHERE id = %s AND status = 'listed' AND price IS NOT NULL",
				$id
			),
			ARRAY_A
		);
	}

	/**
	 * A variant by its SKU, or null.
	 *
	 * @param string $sku Its SKU.
	 */
	public static function variant( string $sku ): ?array {
		global $wpdb;
		return $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}flx_variant WHERE sku = %s", $sku ), ARRAY_A );
	}

	/**
	 * Stores a page, and gives its post.
	 *
	 * @param array $parent The hub's record.
	 */
	private static function store_page( array $parent ): int {
		global $wpdb;
		$post = array(
			'post_type'    => 'flx_listing',
			'post_title'   => wp_strip_all_tags( (string) ( $parent['title'] ?? $parent['sku'] ) ),
			'post_content' => self::description( (string) ( $parent['description'] ?? '' ) ),
			'meta_input'   => array(
				'_flxchannel_sku'    => (string) $parent['sku'],
				'_flxchannel_brand'  => (string) ( $parent['manufacturer'] ?? '' ),
				'_flxchannel_images' => self::images( $parent ),
			),
		);

		$known = self::post_of( (string) $parent['id'] );
		// WordPress takes slashes away from what it is given. A page that is there keeps its address, date and what else is its own.
		$post_id = $known
			? wp_update_post( wp_slash( array( 'ID' => $known ) + $post ), true )
			: wp_insert_post( wp_slash( $post ), true );
		if ( is_wp_error( $post_id ) ) {
			throw new RuntimeException( $post_id->get_error_message() );
		}
		$page = array(
			'id'      => $parent['id'],
			'post_id' => $post_id,
		);
		Flxchannel_Store::must( $wpdb->replace( $wpdb->prefix . 'flx_parent', $page ) );
		$levels = array_filter(
			array(
				$parent['categoryOne']['name'] ?? '',
				$parent['categoryTwo']['name'] ?? '',
				$parent['categoryThree']['name'] ?? '',
			)
		);
		if ( $levels ) {
			wp_set_object_terms( $post_id, array_values( $levels ), 'flx_category' );
		}
		return $post_id;
	}

	/**
	 * Stores a variant, and gives the id that names it in this shop once and for ever: the one that the hub knows already, or ours.
	 * What the hub does not say stays as it is: a missing quantity is not zero.
	 *
	 * @param array  $variant   The hub's record.
	 * @param string $parent_id The hub's id of its page.
	 */
	private static function store_variant( array $variant, string $parent_id ): string {
		global $wpdb;
		$external = (string) ( $variant['externalListingId'] ?? "item-{$variant['id']}" );
		$stored   = $wpdb->get_row(
			$wpdb->prepare( "SELECT status FROM {$wpdb->prefix}flx_variant WHERE id = %s", (string) $variant['id'] ),
			ARRAY_A
		);
		$row      = array_filter(
			array(
				'id'          => (string) $variant['id'],
				'parent_id'   => $parent_id,
				'sku'         => (string) $variant['sku'],
				'external_id' => $external,
				'title'       => $variant['title'] ?? ( $stored ? null : (string) $variant['sku'] ),
				'price'       => isset( $variant['price'] ) ? (string) $variant['price'] : null,
				'quantity'    => isset( $variant['quantity'] ) ? (int) $variant['quantity'] : null,
				'status'      => self::status( $variant, $stored['status'] ?? 'listed' ),
			),
			static fn ( mixed $value ): bool => null !== $value
		);
		Flxchannel_Store::must(
			$stored
				? $wpdb->update( $wpdb->prefix . 'flx_variant', $row, array( 'id' => $row['id'] ) )
				: $wpdb->insert( $wpdb->prefix . 'flx_variant', $row )
		);
		self::tell( $parent_id, $row['id'] );
		return $external;
	}

	/**
	 * Tells other plugins how variants stand now: one, or all that are on a page.
	 *
	 * @param string $parent_id The hub's id of the page.
	 * @param string $id        The hub's id of the variant, or nothing.
	 */
	private static function tell( string $parent_id, string $id ): void {
		global $wpdb;
		$rows = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT id, parent_id, sku, external_id, title, price, quantity, status FROM {$wpdb->prefix}flx_variant
				WHERE parent_id = %s AND %s IN ('', id)",
				$parent_id,
				$id
			),
			ARRAY_A
		);
		foreach ( $rows as $row ) {
			/**
			 * Tells other plugins of a variant: id, parent_id, sku, external_id, title, price (null as long as the hub has said none),
			 * quantity, status.
			 */
			do_action( 'flxchannel_variant', array( 'quantity' => (int) $row['quantity'] ) + $row );
		}
	}

	/**
	 * The status that a record leaves a variant in. A queued change is carried out by its own event, not here.
	 *
	 * @param array  $variant The hub's record.
	 * @param string $now     What it is in this shop.
	 */
	private static function status( array $variant, string $now ): string {
		$change = $variant['changeToListingStatus']['handle'] ?? null;
		if ( 'published' === $change ) {
			return 'listed'; // This is how it becomes one.
		}
		$said = $variant['listingStatus']['handle'] ?? $variant['listingStatus'] ?? null;
		return is_string( $said ) && in_array( $change, array( null, 'overwrite_data' ), true ) ? $said : $now;
	}

	/**
	 * Shows a page as long as it has something to sell.
	 *
	 * @param string $parent_id The hub's id of the page.
	 */
	private static function show( string $parent_id ): void {
		global $wpdb;
		$post_id = self::post_of( $parent_id );
		if ( ! $post_id ) {
			return;
		}
		$listed = $wpdb->get_var(
			$wpdb->prepare( "SELECT COUNT(*) FROM {$wpdb->prefix}flx_variant WHERE parent_id = %s AND status = 'listed'", $parent_id )
		);
		$status = $listed ? 'publish' : 'draft';
		if ( get_post_status( $post_id ) !== $status ) {
			wp_update_post( array( 'ID' => $post_id, 'post_status' => $status ) );
		}
	}

	/**
	 * The post of a page, 0 if there is none, or no longer.
	 *
	 * @param string $parent_id The hub's id of the page.
	 */
	private static function post_of( string $parent_id ): int {
		global $wpdb;
		$found = $wpdb->get_var(
			$wpdb->prepare(
				"SELECT p.post_id FROM {$wpdb->prefix}flx_parent p JOIN {$wpdb->posts} w ON w.ID = p.post_id
				WHERE p.id = %s AND w.post_status <> 'trash'",
				$parent_id
			)
		);
		return (int) $found;
	}

	/**
	 * The page that a variant is on.
	 *
	 * @param string $id The hub's id of the variant.
	 */
	private static function parent_of( string $id ): string {
		global $wpdb;
		return (string) $wpdb->get_var( $wpdb->prepare( "SELECT parent_id FROM {$wpdb->prefix}flx_variant WHERE id = %s", $id ) );
	}

	/**
	 * A description as it may be shown: markup that posts may have, and nothing that WordPress would run. What a supplier writes is
	 * neither a block nor a shortcode of this shop.
	 *
	 * @param string $text The hub's text.
	 */
	private static function description( string $text ): string {
		$shown = wp_kses_post( preg_replace( '/<!--.*?(-->|$)/s', '', $text ) ?? '' );
		return str_replace( array( '[', '<!--' ), array( '&#91;', '&lt;!--' ), $shown );
	}

	/**
	 * The addresses of a record's pictures.
	 *
	 * @param array $parent The hub's record.
	 * @return string[]
	 */
	private static function images( array $parent ): array {
		$images = array_column( $parent['images'] ?? $parent['image'] ?? array(), 'url' );
		return array_values( array_filter( array_map( 'esc_url_raw', $images ) ) );
	}
}
