<?php
/**
 * The basket.
 *
 * @package Flxchannel
 */

/**
 * What a buyer has chosen, in a cookie, and the form that orders it. Nothing of it is kept here before it is ordered.
 */
final class Flxchannel_Basket {

	/** The cookie: how many of each variant, by its id. */
	private const COOKIE = 'flxchannel_basket';

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
	 * What was wrong with the form that came with this request.
	 *
	 * @var string
	 */
	private static string $wrong = '';

	/** Hangs the hooks. */
	public static function init(): void {
		add_action( 'template_redirect', array( self::class, 'take' ) );
		add_shortcode( 'flxchannel_basket', array( self::class, 'page' ) );
	}

	/** Takes what was sent to the basket's page: something is put in, quantities are changed, it is ordered. */
	public static function take(): void {
		if ( ! Flxchannel_Shopfront::is_at( 'basket' ) ) {
			return;
		}
		nocache_headers(); // A basket is one buyer's.
		$nonce = sanitize_key( $_POST['_wpnonce'] ?? '' );
		if ( wp_verify_nonce( $nonce, 'flxchannel_put' ) ) {
			$add = array_map( 'absint', (array) wp_unslash( $_POST['add'] ?? array() ) );
			$put = array_map( 'absint', (array) wp_unslash( $_POST['put'] ?? array() ) );
			self::keep( self::sum( $add, $put + self::kept() ) );
			self::go( Flxchannel_Shopfront::url( 'basket' ) );
		}
		if ( wp_verify_nonce( $nonce, 'flxchannel_buy' ) ) {
			$typed = array_map( 'sanitize_text_field', (array) wp_unslash( $_POST['buyer'] ?? array() ) );
			$seen  = sanitize_text_field( wp_unslash( $_POST['flxchannel_sum'] ?? '' ) );
			self::order( array_intersect_key( $typed, self::FIELDS ), sanitize_key( $_POST['flxchannel_form'] ?? '' ), $seen );
		} elseif ( '' !== $nonce ) {
			self::$wrong = __( 'This form is too old. Please try again.', 'flxchannel' );
		}
	}

	/** The shortcode of the basket's page. */
	public static function page(): string {
		$lines = self::lines();
		ob_start();
		if ( '' !== self::$wrong ) {
			echo '<p role="alert"><strong>' . esc_html( self::$wrong ) . '</strong></p>';
		}
		if ( ! $lines ) {
			echo '<p>' . esc_html__( 'Your basket is empty.', 'flxchannel' ) . '</p>';
			return ob_get_clean();
		}
		self::show_lines( $lines );
		echo '<form method="post" class="flxchannel-buy">';
		wp_nonce_field( 'flxchannel_buy' );
		echo '<input type="hidden" name="flxchannel_form" value="' . esc_attr( wp_generate_uuid4() ) . '">';
		echo '<input type="hidden" name="flxchannel_sum" value="' . esc_attr( self::total( $lines ) ) . '">';
		self::show_address( self::typed() );
		echo '<p><button type="submit">' . esc_html__( 'Order now', 'flxchannel' ) . '</button></p></form>';
		return ob_get_clean();
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
	 * Orders what is in the basket, or says what is wrong.
	 *
	 * @param array  $buyer The address.
	 * @param string $form  What tells this showing of the form from others.
	 * @param string $seen  The sum that the buyer saw in it.
	 */
	private static function order( array $buyer, string $form, string $seen ): void {
		self::$wrong = self::fault( $buyer, $seen );
		if ( '' !== self::$wrong ) {
			return;
		}
		try {
			$row = Flxchannel_Checkout::place( array_column( self::lines(), 'wanted', 'sku' ), $buyer, $form );
		} catch ( OutOfBoundsException $gone ) {
			/* translators: %s: what the buyer wanted. */
			self::$wrong = sprintf( __( 'Not so many are left of: %s', 'flxchannel' ), $gone->getMessage() );
			return;
		}
		self::keep( array() );
		self::go( add_query_arg( 'key', $row['access_key'], Flxchannel_Shopfront::url( 'order' ) ) );
	}

	/**
	 * What is wrong with an order, or nothing.
	 *
	 * @param array  $buyer The address.
	 * @param string $seen  The sum that the buyer saw.
	 */
	private static function fault( array $buyer, string $seen ): string {
		foreach ( self::FIELDS as $name => list( , , $is_required ) ) {
			if ( $is_required && '' === ( $buyer[ $name ] ?? '' ) ) {
				return __( 'Please fill in the whole address.', 'flxchannel' );
			}
		}
		if ( ! is_email( $buyer['email'] ) ) {
			return __( 'Please check the e-mail address.', 'flxchannel' );
		}
		$lines = self::lines();
		if ( ! $lines ) {
			return __( 'Your basket is empty.', 'flxchannel' );
		}
		return self::total( $lines ) === $seen ? '' : __( 'Prices have changed. Please look at the sum again.', 'flxchannel' );
	}

	/**
	 * What is in the basket comes to so much.
	 *
	 * @param array $lines The variants, with how many are wanted.
	 */
	private static function total( array $lines ): string {
		return Flxchannel_Money::total(
			array_map( static fn ( array $line ): array => array( 'quantity' => $line['wanted'] ) + $line, $lines )
		);
	}

	/** What is in the basket and for sale: variants, with how many are wanted. */
	private static function lines(): array {
		$lines = array();
		foreach ( self::kept() as $id => $wanted ) {
			$variant = Flxchannel_Catalogue::offer( (string) $id );
			if ( $variant && $wanted > 0 ) {
				$lines[] = $variant + array( 'wanted' => $wanted );
			}
		}
		return $lines;
	}

	/** What the cookie has. @return array<int, int> */
	private static function kept(): array {
		// A cookie of ours is no form; whatever stands in it, numbers come out.
		$text = sanitize_text_field( wp_unslash( $_COOKIE[ self::COOKIE ] ?? '' ) ); // phpcs:ignore Flxchannel.Security.Nonce
		$kept = json_decode( $text, true );
		return array_slice( array_map( 'absint', is_array( $kept ) ? $kept : array() ), 0, 100, true );
	}

	/**
	 * What is in the basket with what is put into it.
	 *
	 * @param array<int, int> $add  How many of each variant come to it.
	 * @param array<int, int> $kept How many of each are in it.
	 * @return array<int, int>
	 */
	private static function sum( array $add, array $kept ): array {
		foreach ( $add as $id => $quantity ) {
			$kept[ $id ] = ( $kept[ $id ] ?? 0 ) + $quantity;
		}
		return $kept;
	}

	/**
	 * Writes the cookie.
	 *
	 * @param array<int, int> $kept How many of each variant.
	 */
	private static function keep( array $kept ): void {
		$options = array(
			'path'     => COOKIEPATH,
			'secure'   => is_ssl(),
			'httponly' => true,
			'samesite' => 'Lax',
		);
		setcookie( self::COOKIE, (string) wp_json_encode( (object) array_filter( $kept ) ), $options );
	}

	/**
	 * Sends the buyer to a page.
	 *
	 * @param string $url The page.
	 */
	private static function go( string $url ): never {
		wp_safe_redirect( $url, 303 );
		exit;
	}

	/** The address as it was typed, where the form comes back. */
	private static function typed(): array {
		if ( '' === self::$wrong ) {
			return array();
		}
		// Shown again, and nothing else.
		$typed = wp_unslash( $_POST['buyer'] ?? array() ); // phpcs:ignore Flxchannel.Security.Nonce
		return array_map( 'sanitize_text_field', (array) $typed );
	}

	/**
	 * What is in the basket, with how many of it.
	 *
	 * @param array $lines The variants.
	 */
	private static function show_lines( array $lines ): void {
		echo '<form method="post" class="flxchannel-basket">';
		wp_nonce_field( 'flxchannel_put' );
		echo '<table>';
		foreach ( $lines as $line ) {
			$id = 'flx-' . $line['id'];
			echo '<tr data-sku="' . esc_attr( $line['sku'] ) . '"><td>';
			echo '<label for="' . esc_attr( $id ) . '">' . esc_html( $line['title'] ) . '</label></td>';
			echo '<td>' . esc_html( Flxchannel_Money::shown( $line['price'] ) ) . '</td>';
			echo '<td><input type="number" min="0" id="' . esc_attr( $id ) . '" name="put[' . esc_attr( $line['id'] ) . ']"';
			echo ' value="' . esc_attr( (string) $line['wanted'] ) . '"></td></tr>';
		}
		echo '<tr><td>' . esc_html__( 'Together', 'flxchannel' ) . '</td><td>';
		echo esc_html( Flxchannel_Money::shown( self::total( $lines ) ) ) . '</td><td>';
		echo '<button type="submit">' . esc_html__( 'Change', 'flxchannel' ) . '</button></td></tr></table></form>';
	}
}
