<?php
/**
 * Screens for the merchant.
 *
 * @package Flxchannel
 */

/** The report, the orders with what became of them, and what can be done about one. Showing them costs no request of the hub. */
final class Flxchannel_Admin {

	/** What is asked of whoever sees and does this. */
	public const CAPABILITY = 'manage_options';

	/** Hangs the hooks. */
	public static function init(): void {
		add_action( 'admin_menu', array( self::class, 'menu' ) );
		foreach ( array( 'round', 'retry', 'cancel', 'correct' ) as $what ) {
			add_action( "admin_post_flxchannel_$what", array( self::class, "do_$what" ) );
		}
	}

	/** Adds the pages. */
	public static function menu(): void {
		$title  = __( 'Flxchannel', 'flxchannel' );
		$report = array( self::class, 'show_report' );
		add_menu_page( $title, $title, self::CAPABILITY, 'flxchannel', $report, 'dashicons-update' );
		$pages = array(
			'flxchannel'          => array( __( 'Report', 'flxchannel' ), $report ),
			'flxchannel-orders'   => array( __( 'Orders', 'flxchannel' ), array( self::class, 'show_orders' ) ),
			'flxchannel-settings' => array( __( 'Settings', 'flxchannel' ), array( Flxchannel_Settings_Page::class, 'show' ) ),
		);
		foreach ( $pages as $slug => list( $label, $shows ) ) {
			add_submenu_page( 'flxchannel', $label, $label, self::CAPABILITY, $slug, $shows );
		}
	}

	/** Runs a round now, a short one. */
	public static function do_round(): void {
		self::check( 'flxchannel_round' );
		$summary = Flxchannel_Work::round( 5000 );
		$notice  = $summary ? __( 'A round was run.', 'flxchannel' ) : __( 'There was no round; the report says why.', 'flxchannel' );
		self::back( 'flxchannel', $notice, (bool) $summary );
	}

	/** Sends a refused order again. */
	public static function do_retry(): void {
		$number = self::check( 'flxchannel_retry' );
		Flxchannel_Orders::retry( $number );
		self::back( 'flxchannel-orders', __( 'The order goes again with the next round.', 'flxchannel' ), true, $number );
	}

	/** Cancels an order. */
	public static function do_cancel(): void {
		$number = self::check( 'flxchannel_cancel' );
		Flxchannel_Orders::cancel( $number );
		if ( Flxchannel_Channel::is_reachable() ) {
			Flxchannel_Orders::carry_out( $number );
		}
		self::back( 'flxchannel-orders', __( 'The order is being canceled.', 'flxchannel' ), true, $number );
	}

	/** Writes another address into an order that was refused, and sends it again. */
	public static function do_correct(): void {
		$number = self::check( 'flxchannel_correct' );
		$row    = Flxchannel_Orders::row( $number );
		if ( $row ) {
			// The nonce was checked above.
			$typed   = wp_unslash( $_POST['buyer'] ?? array() ); // phpcs:ignore Flxchannel.Security.Nonce
			$typed   = array_map( 'sanitize_text_field', (array) $typed );
			$typed   = array_intersect_key( $typed, array_flip( Flxchannel_Basket::field_names() ) );
			$order   = Flxchannel_Orders::content( $row );
			$address = $typed + ( $order['shippingAddress'] ?? array() ); // What has no field here, such as a company, stays.

			$order['shippingAddress'] = array_filter( $address, static fn ( mixed $text ): bool => '' !== $text );
			Flxchannel_Orders::correct( $number, $order );
		}
		self::back( 'flxchannel-orders', __( 'The corrected order goes with the next round.', 'flxchannel' ), true, $number );
	}

	/** The report. */
	public static function show_report(): void {
		echo '<div class="wrap"><h1>' . esc_html__( 'Flxchannel: report', 'flxchannel' ) . '</h1>';
		self::show_notice();
		echo '<ul class="ul-disc" id="flxchannel-report">';
		foreach ( Flxchannel_Report::sentences() as $sentence ) {
			echo '<li>' . esc_html( $sentence ) . '</li>';
		}
		echo '</ul>';
		self::show_button( 'flxchannel_round', __( 'Run a round now', 'flxchannel' ) );
		echo '</div>';
	}

	/** The orders, or one of them. */
	public static function show_orders(): void {
		// Looking changes nothing, so no nonce is asked for.
		$number = sanitize_text_field( wp_unslash( $_GET['order'] ?? '' ) ); // phpcs:ignore Flxchannel.Security.Nonce
		$row    = '' === $number ? null : Flxchannel_Orders::row( $number );
		echo '<div class="wrap"><h1>' . esc_html__( 'Flxchannel: orders', 'flxchannel' ) . '</h1>';
		self::show_notice();
		$row ? self::show_order( $row ) : self::show_list();
		echo '</div>';
	}

	/**
	 * Refuses whoever may not do this, or did not mean to; gives the order's number, if the form has one.
	 *
	 * @param string $action The form.
	 */
	public static function check( string $action ): string {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You may not do this.', 'flxchannel' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( $action );
		return sanitize_text_field( wp_unslash( $_POST['order'] ?? '' ) );
	}

	/**
	 * Goes back to a page, with a word on what was done.
	 *
	 * @param string $page    The page.
	 * @param string $notice  The word.
	 * @param bool   $is_good Whether it went well.
	 * @param string $number  The order that is shown.
	 */
	public static function back( string $page, string $notice, bool $is_good, string $number = '' ): never {
		set_transient( 'flxchannel_notice_' . get_current_user_id(), array( $notice, $is_good ), MINUTE_IN_SECONDS );
		$query = array_filter(
			array(
				'page'  => $page,
				'order' => rawurlencode( $number ),
			)
		);
		wp_safe_redirect( add_query_arg( $query, admin_url( 'admin.php' ) ), 303 );
		exit;
	}

	/** Shows that word. */
	public static function show_notice(): void {
		$key    = 'flxchannel_notice_' . get_current_user_id();
		$notice = get_transient( $key );
		if ( $notice ) {
			delete_transient( $key );
			$class = $notice[1] ? 'notice-success' : 'notice-error';
			echo '<div class="notice ' . esc_attr( $class ) . '"><p>' . esc_html( $notice[0] ) . '</p></div>';
		}
	}

	/**
	 * A button that does something.
	 *
	 * @param string $action What.
	 * @param string $label  What stands on it.
	 * @param string $number Of this order.
	 */
	public static function show_button( string $action, string $label, string $number = '' ): void {
		self::begin_form( $action, $number );
		echo '<button class="button" type="submit" id="' . esc_attr( $action ) . '">' . esc_html( $label ) . '</button></form> ';
	}

	/**
	 * The beginning of a form.
	 *
	 * @param string $action What it does.
	 * @param string $number Of this order.
	 */
	private static function begin_form( string $action, string $number ): void {
		echo '<form method="post" style="display:inline" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
		echo '<input type="hidden" name="action" value="' . esc_attr( $action ) . '">';
		echo '<input type="hidden" name="order" value="' . esc_attr( $number ) . '">';
		wp_nonce_field( $action );
	}

	/** The newest orders, and before them those that need somebody, however old. */
	private static function show_list(): void {
		global $wpdb;
		$rows   = $wpdb->get_results(
			"SELECT * FROM {$wpdb->prefix}flx_order ORDER BY wanted = '' AND
			(verdict IN ('refused', 'possibly_applied') OR verdict = '' AND note <> '') DESC, id DESC LIMIT 200",
			ARRAY_A
		);
		$outbox = self::outbox();
		echo '<table class="widefat striped"><thead><tr>';
		echo '<th>' . esc_html__( 'Order', 'flxchannel' ) . '</th><th>' . esc_html__( 'Placed', 'flxchannel' ) . '</th>';
		echo '<th>' . esc_html__( 'State', 'flxchannel' ) . '</th><th>' . esc_html__( 'Outbox', 'flxchannel' ) . '</th>';
		echo '<th>' . esc_html__( 'At the hub', 'flxchannel' ) . '</th>';
		echo '<th>' . esc_html__( 'Shipped', 'flxchannel' ) . '</th><th>' . esc_html__( 'Note', 'flxchannel' ) . '</th>';
		echo '</tr></thead><tbody>';
		foreach ( $rows as $row ) {
			$link = add_query_arg( 'order', rawurlencode( $row['number'] ), admin_url( 'admin.php?page=flxchannel-orders' ) );
			echo '<tr><td><a href="' . esc_url( $link ) . '">' . esc_html( $row['number'] ) . '</a></td>';
			$sent = self::sent( $outbox[ $row['number'] ] ?? array() );
			foreach ( array( $row['placed_at'], self::state( $row ), $sent, $row['hub_status'], $row['shipped'], $row['note'] ) as $text ) {
				echo '<td>' . esc_html( $text ) . '</td>';
			}
			echo '</tr>';
		}
		echo '</tbody></table>';
	}

	/**
	 * One order: what the buyer sees, what can be done, all that happened to it.
	 *
	 * @param array $row The order's row.
	 */
	private static function show_order( array $row ): void {
		echo '<h2>' . esc_html( $row['number'] ) . ': ' . esc_html( self::state( $row ) ) . '</h2>';
		echo '<p><strong>' . esc_html( $row['note'] ) . '</strong></p>';
		Flxchannel_Shopfront::show_order( $row );
		if ( 'refused' === $row['verdict'] || ( '' === $row['verdict'] && '' !== $row['note'] ) ) {
			self::show_button( 'flxchannel_retry', __( 'Send it again as it is', 'flxchannel' ), $row['number'] );
			echo '<h3>' . esc_html__( 'Correct the address and send it again', 'flxchannel' ) . '</h3>';
			self::begin_form( 'flxchannel_correct', $row['number'] );
			Flxchannel_Basket::show_address( Flxchannel_Orders::content( $row )['shippingAddress'] ?? array() );
			submit_button( __( 'Send the corrected order', 'flxchannel' ) );
			echo '</form>';
		}
		self::show_button( 'flxchannel_cancel', __( 'Cancel the order', 'flxchannel' ), $row['number'] );
		self::show_history( $row['number'] );
	}

	/**
	 * All that happened to an order, as the library knows it.
	 *
	 * @param string $number Its number.
	 */
	private static function show_history( string $number ): void {
		echo '<h3>' . esc_html__( 'History', 'flxchannel' ) . '</h3>';
		try {
			$events = Flxchannel_Channel::history( $number )['events'];
		} catch ( Throwable $wrong ) {
			echo '<p>' . esc_html( $wrong->getMessage() ) . '</p>';
			return;
		}
		echo '<table class="widefat striped" id="flxchannel-history"><tbody>';
		foreach ( $events as $event ) {
			echo '<tr>';
			foreach ( array( 'at', 'what', 'http_status', 'verdict', 'message', 'hub_said' ) as $name ) {
				$text = (string) ( $event[ $name ] ?? '' );
				echo '<td>' . esc_html( '0' === $text ? '' : $text ) . '</td>';
			}
			echo '</tr>';
		}
		echo '</tbody></table>';
	}

	/** What the library keeps of orders, by number; nothing where this PHP cannot ask it. */
	private static function outbox(): array {
		try {
			return array_column( Flxchannel_Channel::outbox( array( 'limit' => 10000 ) ), null, 'number' );
		} catch ( Throwable ) {
			return array();
		}
	}

	/**
	 * How far an order has come in the outbox.
	 *
	 * @param array $kept What the library keeps of it.
	 */
	private static function sent( array $kept ): string {
		if ( ! $kept ) {
			return '';
		}
		/* translators: 1: queued, sending, resolved or settled, 2: a number of attempts. */
		$text = sprintf( __( '%1$s, attempts: %2$d', 'flxchannel' ), $kept['state'], $kept['attempts'] );
		/* translators: %s: a time. */
		return $text . ( $kept['next_at'] ? sprintf( __( ', next at %s', 'flxchannel' ), $kept['next_at'] ) : '' );
	}

	/**
	 * How an order stands, in a word.
	 *
	 * @param array $row The order's row.
	 */
	private static function state( array $row ): string {
		$words = array(
			'submit' => __( 'goes with the next round', 'flxchannel' ),
			'retry'  => __( 'goes again with the next round', 'flxchannel' ),
			'cancel' => __( 'is being canceled', 'flxchannel' ),
		);
		return $words[ $row['wanted'] ] ?? match ( $row['verdict'] ) {
			''                 => '' === $row['note'] ? __( 'on its way', 'flxchannel' ) : __( 'needs you', 'flxchannel' ),
			'applied'          => __( 'at the hub', 'flxchannel' ),
			'refused'          => __( 'refused: needs you', 'flxchannel' ),
			'not_applied'      => __( 'not sent', 'flxchannel' ),
			'possibly_applied' => __( 'perhaps at the hub: look there', 'flxchannel' ),
			default            => $row['verdict'],
		};
	}
}
