<?php
/**
 * What the database did not take.
 *
 * @package Flxchannel
 */

/** Something was not stored: the disk is full, a value too long for its column, a transaction the one that gave way to another. */
final class Flxchannel_Not_Stored extends RuntimeException {
}
