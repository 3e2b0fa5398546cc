--TEST--
Without the PHP package an error is an Error that says what is missing
--EXTENSIONS--
flxchannel
--FILE--
<?php
try {
    (new Flxchannel\Native())->describe('nothing');
} catch (Error $error) {
    echo $error->getMessage(), "\n";
}
?>
--EXPECT--
FLX_E_ARGUMENT; the PHP package flxchannel/flxchannel, which has the exceptions, is not loaded
