<?php
/**
 * What buyers see.
 *
 * @package Flxchannel
 */

/**
 * Product pages with an order form, and the page on which a buyer finds the order again, with its parcels.
 *
 * All of it is read from the shop's own tables: a page view costs no request of the hub.
 */
final class Flxchannel_Shopfront {

	/** The option with the page that shows a buyer's order. */
	private const ORDER_PAGE = 'flxchannel_order_page';

	/** The fields of an address: the hub's names, what is asked for, and whether it must be there. */
	private const FIELDS = array(
		'name'         => array( 'text', 'name', true ),
		'email'        => array( 'email', 'email', true ),
		'addressLine1' => array( 'text', 'address-line1', true ),
		'addressLine2' => array( 'text', 'address-line2', false ),
		'city'         => array( 'text', 'address-level2', true ),
		'postal'       => array( 'text', 'postal-code', true ),
		'stateCode'    => array( 'text', 'address-level1', false ),
		'countryCode'  => array( 'text', 'country', true ),
		'phone'        => array( 'tel', 'tel', false ),
	);

	/**
	 * What the form said wrong, for this request.
	 *
	 * @var string
	 */
	private static string $wrong = '';

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
		add_action( 'template_redirect', array( self::class, 'take_form' ) );
		add_shortcode( 'flxchannel_order', array( self::class, 'order_page' ) );
	}

	/** Makes the page on which a buyer finds the order, and the addresses of listings. */
	public static function install(): void {
		self::init();
		flush_rewrite_rules();
		if ( ! get_post( (int) get_option( self::ORDER_PAGE ) ) ) {
			$page = array(
				'post_type'    => 'page',
				'post_status'  => 'publish',
				'post_title'   => __( 'Your order', 'flxchannel' ),
				'post_content' => '[flxchannel_order]',
			);
			update_option( self::ORDER_PAGE, wp_insert_post( $page ) );
		}
	}

	/**
	 * Puts pictures and the order form around the description of a listing.
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
		self::show_form( get_the_ID() );
		return ob_get_clean();
	}

	/**
	 * Puts the lowest price before what a list shows of a listing.
	 *
	 * @param string  $excerpt What it shows.
	 * @param WP_Post $post    The listing.
	 */
	public static function excerpt( string $excerpt, WP_Post $post ): string {
		$offers = 'flx_listing' === $post->post_type ? Flxchannel_Catalogue::offers( $post->ID ) : array();
		if ( ! $offers ) {
			return $excerpt;
		}
		/* translators: %s: a price. */
		$from = count( $offers ) > 1 ? __( 'from %s', 'flxchannel' ) : '%s';
		return sprintf( $from, Flxchannel_Money::shown( $offers[0]['price'] ) ) . ' – ' . $excerpt;
	}

	/** Takes an order form that was sent: to the order's page, or back to the form with what is wrong. */
	public static function take_form(): void {
		if ( ! is_singular( 'flx_listing' ) ) {
			return;
		}
		nocache_headers(); // A form is one buyer's.
		if ( ! isset( $_POST['flxchannel_form'], $_POST['_wpnonce'] ) ) {
			return;
		}
		if ( ! wp_verify_nonce( sanitize_key( $_POST['_wpnonce'] ), 'flxchannel_buy' ) ) {
			self::$wrong = __( 'This form is too old. Please order again.', 'flxchannel' );
			return;
		}
		$typed  = array_map( 'sanitize_text_field', (array) wp_unslash( $_POST['buyer'] ?? array() ) );
		$buyer  = array_intersect_key( $typed, self::FIELDS );
		$wanted = array_filter( array_map( 'absint', (array) wp_unslash( $_POST['quantity'] ?? array() ) ) );
		foreach ( self::FIELDS as $name => list( , , $is_required ) ) {
			if ( $is_required && '' === ( $buyer[ $name ] ?? '' ) ) {
				self::$wrong = __( 'Please fill in the whole address.', 'flxchannel' );
			}
		}
		if ( ! is_email( $buyer['email'] ?? '' ) ) {
			self::$wrong = __( 'Please check the e-mail address.', 'flxchannel' );
		}
		if ( ! $wanted ) {
			self::$wrong = __( 'Please choose how many you want.', 'flxchannel' );
		}
		if ( '' === self::$wrong ) {
			self::place( $wanted, $buyer, sanitize_key( $_POST['flxchannel_form'] ) );
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
	 * Places the order, and sends the buyer to its page.
	 *
	 * @param array<string, int> $wanted How many of each variant, by its id.
	 * @param array              $buyer  The address.
	 * @param string             $form   What tells this showing of the form from others.
	 */
	private static function place( array $wanted, array $buyer, string $form ): void {
		$skus = array();
		foreach ( Flxchannel_Catalogue::offers( get_queried_object_id() ) as $offer ) {
			if ( isset( $wanted[ $offer['id'] ] ) ) {
				$skus[ $offer['sku'] ] = $wanted[ $offer['id'] ];
			}
		}
		try {
			if ( count( $skus ) !== count( $wanted ) ) {
				throw new OutOfBoundsException( get_the_title( get_queried_object_id() ) );
			}
			$row = Flxchannel_Orders::place( $skus, $buyer, $form );
		} catch ( OutOfBoundsException $gone ) {
			/* translators: %s: what the buyer wanted. */
			self::$wrong = sprintf( __( 'Not so many are left of: %s', 'flxchannel' ), $gone->getMessage() );
			return;
		}
		wp_safe_redirect( add_query_arg( 'key', $row['access_key'], get_permalink( (int) get_option( self::ORDER_PAGE ) ) ), 303 );
		exit;
	}

	/**
	 * The pictures of a listing.
	 *
	 * @param int $post_id The listing.
	 */
	private static function show_images( int $post_id ): void {
		foreach ( array_slice( (array) get_post_meta( $post_id, '_flxchannel_images', true ), 0, 3 ) as $url ) {
			echo '<img src="' . esc_url( $url ) . '" alt="' . esc_attr( get_the_title( $post_id ) ) . '" loading="lazy" width="240"> ';
		}
		$brand = get_post_meta( $post_id, '_flxchannel_brand', true );
		if ( $brand ) {
			echo '<p>' . esc_html( $brand ) . '</p>';
		}
	}

	/**
	 * The order form of a listing.
	 *
	 * @param int $post_id The listing.
	 */
	private static function show_form( int $post_id ): void {
		$offers = Flxchannel_Catalogue::offers( $post_id );
		if ( ! $offers ) {
			echo '<p>' . esc_html__( 'This is not for sale at the moment.', 'flxchannel' ) . '</p>';
			return;
		}
		echo '<form method="post" class="flxchannel-form">';
		wp_nonce_field( 'flxchannel_buy' );
		echo '<input type="hidden" name="flxchannel_form" value="' . esc_attr( wp_generate_uuid4() ) . '">';
		if ( '' !== self::$wrong ) {
			echo '<p role="alert"><strong>' . esc_html( self::$wrong ) . '</strong></p>';
		}
		echo '<table>';
		foreach ( $offers as $offer ) {
			$left = max( 0, $offer['quantity'] - $offer['reserved'] );
			$id   = 'flx-' . $offer['id'];
			echo '<tr data-sku="' . esc_attr( $offer['sku'] ) . '"><td>';
			echo '<label for="' . esc_attr( $id ) . '">' . esc_html( $offer['title'] ) . '</label></td>';
			echo '<td>' . esc_html( Flxchannel_Money::shown( $offer['price'] ) ) . '</td><td>';
			if ( $left > 0 ) {
				echo '<input type="number" min="0" max="' . esc_attr( (string) $left ) . '" value="0" id="' . esc_attr( $id ) . '"';
				echo ' name="quantity[' . esc_attr( $offer['id'] ) . ']">';
			} else {
				echo esc_html__( 'sold out', 'flxchannel' );
			}
			echo '</td></tr>';
		}
		echo '</table>';
		self::show_address( array() );
		echo '<p><button type="submit">' . esc_html__( 'Order now', 'flxchannel' ) . '</button></p></form>';
	}

	/** The fields of an address, by the hub's names. @return string[] */
	public static function field_names(): array {
		return array_keys( self::FIELDS );
	}

	/**
	 * The fields of an address, for buyers and for the merchant who corrects one.
	 *
	 * @param array $address What is in them.
	 */
	public static function show_address( array $address ): void {
		$labels = array(
			'name'         => __( 'Name', 'flxchannel' ),
			'email'        => __( 'E-mail', 'flxchannel' ),
			'addressLine1' => __( 'Street and number', 'flxchannel' ),
			'addressLine2' => __( 'Flat, floor', 'flxchannel' ),
			'city'         => __( 'City', 'flxchannel' ),
			'postal'       => __( 'Postal code', 'flxchannel' ),
			'stateCode'    => __( 'State', 'flxchannel' ),
			'countryCode'  => __( 'Country, two letters', 'flxchannel' ),
			'phone'        => __( 'Telephone', 'flxchannel' ),
		);
		foreach ( self::FIELDS as $name => list( $type, $autocomplete, $is_required ) ) {
			echo '<p><label>' . esc_html( $labels[ $name ] ) . '<br>';
			echo '<input type="' . esc_attr( $type ) . '" name="buyer[' . esc_attr( $name ) . ']"';
			echo ' autocomplete="' . esc_attr( $autocomplete ) . '" value="' . esc_attr( $address[ $name ] ?? '' ) . '"';
			echo $is_required ? ' required' : '';
			echo '></label></p>';
		}
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
