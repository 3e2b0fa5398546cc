<?php
/**
 * What buyers see.
 *
 * @package Flxchannel
 */

/**
 * Product pages, and the page on which a buyer finds an order again, with its parcels.
 *
 * All of it is read from the shop's own tables: a page view costs no request of the hub.
 */
final class Flxchannel_Shopfront {

	/** Registers the type of post, and hangs the hooks. */
	public static function init(): void {
		register_post_type(
			'flx_listing',
			array(
				'labels'       => array(
					'name'          => __( 'Listings', 'flxchannel' ),
					'singular_name' => __( 'Listing', 'flxchannel' ),
				),
				'public'       => true,
				'has_archive'  => 'listings',
				'rewrite'      => array( 'slug' => 'listings' ),
				'menu_icon'    => 'dashicons-cart',
				'show_in_rest' => true,
				'supports'     => array( 'title', 'editor' ),
				'taxonomies'   => array( 'flx_category' ),
			)
		);
		register_taxonomy(
			'flx_category',
			'flx_listing',
			array(
				'label'        => __( 'Categories', 'flxchannel' ),
				'rewrite'      => array( 'slug' => 'listing-category' ),
				'show_in_rest' => true,
			)
		);
		add_filter( 'the_content', array( self::class, 'content' ) );
		add_filter( 'get_the_excerpt', array( self::class, 'excerpt' ), 20, 2 );
		add_shortcode( 'flxchannel_order', array( self::class, 'order_page' ) );
		add_action( 'template_redirect', array( self::class, 'keep_private' ) );
	}

	/** Makes the pages of the basket and of orders, and the addresses of listings. */
	public static function install(): void {
		self::init();
		flush_rewrite_rules();
		$pages = array(
			'basket' => __( 'Basket', 'flxchannel' ),
			'order'  => __( 'Your order', 'flxchannel' ),
		);
		foreach ( $pages as $name => $title ) {
			if ( ! get_post( (int) get_option( "flxchannel_{$name}_page" ) ) ) {
				$page = array(
					'post_type'    => 'page',
					'post_status'  => 'publish',
					'post_title'   => $title,
					'post_content' => "[flxchannel_$name]",
				);
				update_option( "flxchannel_{$name}_page", wp_insert_post( $page ) );
			}
		}
	}

	/**
	 * The address of a page of ours.
	 *
	 * @param string $name Basket or order.
	 */
	public static function url( string $name ): string {
		return (string) get_permalink( (int) get_option( "flxchannel_{$name}_page" ) );
	}

	/**
	 * Whether this request is for a page of ours. WordPress takes no page for any page.
	 *
	 * @param string $name Basket or order.
	 */
	public static function is_at( string $name ): bool {
		$page = (int) get_option( "flxchannel_{$name}_page" );
		return $page > 0 && is_page( $page );
	}

	/**
	 * Puts pictures and the offers around the description of a listing.
	 *
	 * @param string $content The description.
	 */
	public static function content( string $content ): string {
		if ( 'flx_listing' !== get_post_type() || ! is_singular() || ! in_the_loop() ) {
			return $content;
		}
		ob_start();
		self::show_images( get_the_ID() );
		echo wp_kses_post( $content );
		self::show_offers( get_the_ID() );
		return ob_get_clean();
	}

	/**
	 * Puts the lowest price before what a list shows of a listing.
	 *
	 * @param string       $excerpt What it shows.
	 * @param WP_Post|null $post    The listing. Other plugins apply this filter without it.
	 */
	public static function excerpt( string $excerpt, ?WP_Post $post = null ): string {
		$offers = $post && 'flx_listing' === $post->post_type ? Flxchannel_Catalogue::offers( $post->ID ) : array();
		if ( ! $offers ) {
			return $excerpt;
		}
		/* translators: %s: a price. */
		$from = count( $offers ) > 1 ? __( 'from %s', 'flxchannel' ) : '%s';
		return sprintf( $from, Flxchannel_Money::shown( $offers[0]['price'] ) ) . ' – ' . $excerpt;
	}

	/** Whoever has the address of an order's page sees the order: no cache, no search engine and no carrier gets it. */
	public static function keep_private(): void {
		if ( self::is_at( 'order' ) ) {
			nocache_headers();
			header( 'Referrer-Policy: no-referrer' );
			add_filter( 'wp_robots', 'wp_robots_no_robots' );
		}
	}

	/** The shortcode of the order's page: what was ordered, how it stands, where its parcels are. */
	public static function order_page(): string {
		global $wpdb;
		// The key is as good as a nonce: only the buyer has it, and nothing is done here.
		$key = sanitize_key( $_GET['key'] ?? '' ); // phpcs:ignore Flxchannel.Security.Nonce
		$row = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}flx_order WHERE access_key = %s", $key ), ARRAY_A );
		if ( '' === $key || ! $row ) {
			return '<p>' . esc_html__( 'There is no such order.', 'flxchannel' ) . '</p>';
		}
		ob_start();
		self::show_order( $row );
		return ob_get_clean();
	}

	/**
	 * An order for its buyer.
	 *
	 * @param array $row The order's row.
	 */
	public static function show_order( array $row ): void {
		$order = Flxchannel_Orders::content( $row );
		echo '<div class="flxchannel-order" data-number="' . esc_attr( $row['number'] ) . '">';
		/* translators: %s: the order's number. */
		$thanks = sprintf( __( 'Thank you. Your order is %s.', 'flxchannel' ), $row['number'] );
		echo '<p><strong>' . esc_html( $thanks ) . '</strong></p><ul>';
		foreach ( $order['orderItems'] as $line ) {
			echo '<li>' . esc_html( "{$line['quantity']} × " . ( $line['title'] ?? $line['sku'] ) );
			echo isset( $line['price'] ) ? ', ' . esc_html( Flxchannel_Money::shown( $line['price'] ) ) : '';
			echo '</li>';
		}
		echo '</ul><p>' . esc_html( self::status( $row ) ) . '</p>';
		foreach ( Flxchannel_Orders::parcels( $row['number'], true ) as $parcel ) {
			echo '<p class="flxchannel-parcel">' . esc_html( self::contents( $row, $parcel ) . ' – ' . $parcel['carrier'] ) . ' ';
			if ( '' === $parcel['url'] ) {
				echo '<code>' . esc_html( $parcel['tracking'] ) . '</code></p>';
			} else {
				echo '<a href="' . esc_url( $parcel['url'] ) . '">' . esc_html( $parcel['tracking'] ) . '</a></p>';
			}
		}
		echo '</div>';
	}

	/**
	 * The pictures of a listing.
	 *
	 * @param int $post_id The listing.
	 */
	private static function show_images( int $post_id ): void {
		echo '<p class="flxchannel-images">';
		foreach ( array_slice( (array) get_post_meta( $post_id, '_flxchannel_images', true ), 0, 3 ) as $at => $url ) {
			echo '<img src="' . esc_url( $url ) . '" alt="' . esc_attr( get_the_title( $post_id ) ) . '" width="240"';
			echo ' loading="' . esc_attr( 0 === $at ? 'eager' : 'lazy' ) . '"> ';
		}
		echo '</p>';
		$brand = get_post_meta( $post_id, '_flxchannel_brand', true );
		if ( $brand ) {
			echo '<p>' . esc_html( $brand ) . '</p>';
		}
	}

	/**
	 * What can be bought of a listing.
	 *
	 * @param int $post_id The listing.
	 */
	private static function show_offers( int $post_id ): void {
		$offers = Flxchannel_Catalogue::offers( $post_id );
		if ( ! $offers ) {
			echo '<p>' . esc_html__( 'This is not for sale at the moment.', 'flxchannel' ) . '</p>';
			return;
		}
		echo '<form method="post" class="flxchannel-offers" action="' . esc_url( self::url( 'basket' ) ) . '">';
		wp_nonce_field( 'flxchannel_put' );
		echo '<table>';
		foreach ( $offers as $offer ) {
			$left = max( 0, $offer['quantity'] - $offer['reserved'] );
			$id   = 'flx-' . $offer['id'];
			echo '<tr data-sku="' . esc_attr( $offer['sku'] ) . '"><td>';
			echo '<label for="' . esc_attr( $id ) . '">' . esc_html( $offer['title'] ) . '</label></td>';
			echo '<td style="white-space:nowrap">' . esc_html( Flxchannel_Money::shown( $offer['price'] ) ) . '</td><td>';
			if ( $left > 0 ) {
				echo '<input type="number" min="0" max="' . esc_attr( (string) $left ) . '" value="0" id="' . esc_attr( $id ) . '"';
				echo ' name="add[' . esc_attr( $offer['id'] ) . ']">';
			} else {
				echo esc_html__( 'sold out', 'flxchannel' );
			}
			echo '</td></tr>';
		}
		echo '</table><p><button type="submit">' . esc_html__( 'Put into the basket', 'flxchannel' ) . '</button></p></form>';
	}

	/**
	 * How an order stands, for its buyer.
	 *
	 * @param array $row The order's row.
	 */
	private static function status( array $row ): string {
		return match ( true ) {
			'Canceled' === $row['hub_status'], 'not_applied' === $row['verdict'] => __( 'It was canceled.', 'flxchannel' ),
			'Completed' === $row['shipped'] => __( 'It is on its way.', 'flxchannel' ),
			'Partially Completed' === $row['shipped'] => __( 'Part of it is on its way.', 'flxchannel' ),
			default => __( 'We are getting it ready.', 'flxchannel' ),
		};
	}

	/**
	 * What is in a parcel, in the buyer's words.
	 *
	 * @param array $row    The order's row.
	 * @param array $parcel The parcel's row.
	 */
	private static function contents( array $row, array $parcel ): string {
		$titles = array_column( Flxchannel_Orders::content( $row )['orderItems'], 'title', 'sku' );
		$lines  = json_decode( $row['hub_lines'], true );
		$texts  = array();
		foreach ( json_decode( $parcel['items'], true ) as $line => $quantity ) {
			$sku     = $lines[ $line ]['sku'] ?? '';
			$texts[] = "$quantity × " . ( $titles[ $sku ] ?? $sku );
		}
		return implode( ', ', $texts );
	}
}
