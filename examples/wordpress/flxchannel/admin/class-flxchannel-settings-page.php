<?php
/**
 * The page of the settings.
 *
 * @package Flxchannel
 */

/** The form of the settings by WordPress's own tools, which way to the library was found, and a test of the connection. */
final class Flxchannel_Settings_Page {

	/** Hangs the hooks. */
	public static function init(): void {
		add_action( 'admin_init', array( self::class, 'register' ) );
		add_action( 'admin_post_flxchannel_test', array( self::class, 'test' ) );
	}

	/** Registers the option. */
	public static function register(): void {
		register_setting(
			'flxchannel',
			Flxchannel_Settings::OPTION,
			array(
				'type'              => 'array',
				'sanitize_callback' => array( self::class, 'sanitize' ),
				'show_in_rest'      => false,
			)
		);
	}

	/**
	 * What is kept of what was typed in.
	 *
	 * @param mixed $typed The form.
	 */
	public static function sanitize( mixed $typed ): array {
		$stored = get_option( Flxchannel_Settings::OPTION, array() );
		$clean  = array();
		foreach ( Flxchannel_Settings::names() as $name ) {
			if ( isset( $typed[ $name ] ) ) {
				// A token is visible ASCII, and what looks like markup in it is none.
				$clean[ $name ] = 'token' === $name
					? preg_replace( '/[^\x21-\x7E]/', '', (string) $typed[ $name ] )
					: sanitize_text_field( $typed[ $name ] );
			}
		}
		// The token is never shown; an empty field leaves it as it is.
		if ( '' === ( $clean['token'] ?? '' ) ) {
			$clean['token'] = $stored['token'] ?? '';
		}
		$place = $clean['state_dir'] ?? '';
		if ( '' !== $place && ( ! path_is_absolute( $place ) || self::is_served( $place ) ) ) {
			$wrong = __( 'The state directory is an absolute path outside of what the web server shows.', 'flxchannel' );
			add_settings_error( 'flxchannel', 'state_dir', $wrong );
			$clean['state_dir'] = $stored['state_dir'] ?? '';
		}
		$clean['budget_ms'] = (string) min( 300000, max( 1000, absint( $clean['budget_ms'] ?? 20000 ) ) );
		return $clean;
	}

	/** Asks the hub whether the channel can work, and comes back with the answer. */
	public static function test(): void {
		Flxchannel_Admin::check( 'flxchannel_test' );
		$found = Flxchannel_Report::tested();
		Flxchannel_Admin::back( 'flxchannel-settings', $found['text'], $found['is_good'] );
	}

	/** The page. */
	public static function show(): void {
		echo '<div class="wrap"><h1>' . esc_html__( 'Flxchannel: settings', 'flxchannel' ) . '</h1>';
		settings_errors();
		Flxchannel_Admin::show_notice();
		self::show_way();
		echo '<form method="post" action="options.php">';
		settings_fields( 'flxchannel' );
		echo '<table class="form-table" role="presentation">';
		foreach ( self::labels() as $name => list( $label, $help ) ) {
			self::show_field( $name, $label, $help );
		}
		echo '</table>';
		submit_button();
		echo '</form>';
		Flxchannel_Admin::show_button( 'flxchannel_test', __( 'Test the connection', 'flxchannel' ) );
		echo '</div>';
	}

	/** What each setting is called, and what it is for. */
	private static function labels(): array {
		return array(
			'enabled'       => array( __( 'Switched on', 'flxchannel' ), __( 'Orders go out, listings come in.', 'flxchannel' ) ),
			'channel'       => array( __( 'Channel', 'flxchannel' ), __( 'A name of your own.', 'flxchannel' ) ),
			'token'         => array( __( 'Token', 'flxchannel' ), __( 'Empty: as it is.', 'flxchannel' ) ),
			'state_dir'     => array( __( 'State directory', 'flxchannel' ), __( 'Outside of the web root.', 'flxchannel' ) ),
			'origin'        => array( __( 'Hub', 'flxchannel' ), '' ),
			'budget_ms'     => array( __( 'Slice', 'flxchannel' ), __( 'Milliseconds after which a round reads no more.', 'flxchannel' ) ),
			'prefix'        => array( __( 'Order numbers begin with', 'flxchannel' ), '' ),
			'shipping_text' => array( __( 'Shipping method', 'flxchannel' ), __( 'As mapped at the hub.', 'flxchannel' ) ),
			'currency'      => array( __( 'Currency', 'flxchannel' ), '' ),
		);
	}

	/**
	 * A setting's row of the form.
	 *
	 * @param string $name  The setting.
	 * @param string $label What it is called.
	 * @param string $help  What it is for.
	 */
	private static function show_field( string $name, string $label, string $help ): void {
		$field = Flxchannel_Settings::OPTION . "[$name]";
		echo '<tr><th scope="row"><label for="flx-' . esc_attr( $name ) . '">' . esc_html( $label ) . '</label></th><td>';
		if ( Flxchannel_Settings::is_fixed( $name ) ) {
			echo '<em>' . esc_html__( 'set in wp-config.php', 'flxchannel' ) . '</em>';
		} elseif ( 'enabled' === $name ) {
			echo '<input type="checkbox" value="1" id="flx-enabled" name="' . esc_attr( $field ) . '" ';
			echo checked( Flxchannel_Settings::get( $name ), '1', false ) . '>';
		} else {
			$is_token = 'token' === $name;
			echo '<input class="regular-text" autocomplete="off" type="' . esc_attr( $is_token ? 'password' : 'text' ) . '"';
			echo ' id="flx-' . esc_attr( $name ) . '"';
			echo ' name="' . esc_attr( $field ) . '" value="' . esc_attr( $is_token ? '' : Flxchannel_Settings::get( $name ) ) . '">';
		}
		echo $help ? '<p class="description">' . esc_html( $help ) . '</p>' : '';
		echo '</td></tr>';
	}

	/** Which way to the library this PHP has, and why not the better ones. */
	private static function show_way(): void {
		$names = Flxchannel_Report::ways();
		$found = Flxchannel_Channel::found();
		/* translators: %s: the back end. */
		$text = sprintf( __( 'This shop reaches the channel by %s.', 'flxchannel' ), $names[ $found['way'] ] );
		echo '<p id="flxchannel-way" data-way="' . esc_attr( $found['way'] ) . '">' . esc_html( $text ) . '</p><ul>';
		foreach ( $found['why'] as $way => $why ) {
			/* translators: 1: a back end, 2: why it is not used. */
			$text = sprintf( __( 'Not by %1$s: %2$s.', 'flxchannel' ), $names[ $way ], rtrim( $why, '.' ) );
			echo '<li>' . esc_html( $text ) . '</li>';
		}
		echo '</ul>';
		if ( 'cron' === $found['way'] ) {
			$line  = '* * * * * sh ' . dirname( FLXCHANNEL_FILE ) . '/round.sh ' . ABSPATH . 'wp-load.php';
			$line .= ' --channel ' . Flxchannel_Settings::get( 'channel' );
			echo '<p>' . esc_html__( 'The line for cron, as the user of this PHP:', 'flxchannel' ) . '</p>';
			echo '<pre>' . esc_html( $line ) . '</pre>';
		}
	}

	/**
	 * Whether a web server may show what is in a folder.
	 *
	 * @param string $place Its path.
	 */
	private static function is_served( string $place ): bool {
		if ( str_contains( $place, '..' ) ) {
			return true;
		}
		// WordPress may be in a folder of what the server shows, and a link may lead there.
		$roots = array_filter( array( ABSPATH, WP_CONTENT_DIR, sanitize_text_field( wp_unslash( $_SERVER['DOCUMENT_ROOT'] ?? '' ) ) ) );
		foreach ( $roots as $root ) {
			if ( str_starts_with( self::real( $place ), self::real( $root ) ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Where a path leads, the links in it followed, with a slash at its end.
	 *
	 * @param string $place The path; its end may not be there yet.
	 */
	private static function real( string $place ): string {
		$there = rtrim( $place, '/' );
		while ( '' !== $there && ! file_exists( $there ) ) {
			$there = substr( $there, 0, (int) strrpos( $there, '/' ) );
		}
		$real = '' === $there ? '' : (string) realpath( $there );
		return trailingslashit( wp_normalize_path( $real . substr( $place, strlen( $there ) ) ) );
	}
}
