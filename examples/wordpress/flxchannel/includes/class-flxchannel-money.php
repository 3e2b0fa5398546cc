<?php
/**
 * Sums of money.
 *
 * @package Flxchannel
 */

/** Money as decimal text: no float comes near it. Six decimals, as many as an order may have. */
final class Flxchannel_Money {

	/**
	 * What lines come to.
	 *
	 * @param array $lines Each with a price and a quantity.
	 * @return string Decimal text, such as "45.48".
	 */
	public static function total( array $lines ): string {
		$millionths = 0;
		foreach ( $lines as $line ) {
			$millionths += self::millionths( $line['price'] ) * $line['quantity'];
		}
		return self::text( $millionths );
	}

	/**
	 * A price as people read it, with the shop's currency.
	 *
	 * @param string $price Decimal text.
	 */
	public static function shown( string $price ): string {
		return self::text( self::millionths( $price ) ) . ' ' . Flxchannel_Settings::get( 'currency' );
	}

	/**
	 * Decimal text as a whole number of millionths.
	 *
	 * @param string $price Decimal text.
	 */
	private static function millionths( string $price ): int {
		list( $whole, $part ) = explode( '.', $price . '.' );

		$sign = str_starts_with( $whole, '-' ) ? -1 : 1;
		return $sign * ( abs( (int) $whole ) * 1000000 + (int) substr( str_pad( $part, 6, '0' ), 0, 6 ) );
	}

	/**
	 * Millionths as decimal text with two decimals, or more where it has more.
	 *
	 * @param int $millionths How many.
	 */
	private static function text( int $millionths ): string {
		$part = rtrim( sprintf( '%06d', abs( $millionths ) % 1000000 ), '0' );
		return ( $millionths < 0 ? '-' : '' ) . intdiv( abs( $millionths ), 1000000 ) . '.' . str_pad( $part, 2, '0' );
	}
}
