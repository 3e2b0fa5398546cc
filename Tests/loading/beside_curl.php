<?php
// Loads the library beside PHP's own curl, uses both, and ends.

declare(strict_types=1);

[, $library, $scratch] = $argv;
$curl = curl_init('http://127.0.0.1:9/');
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
$ours = FFI::cdef('const char *flx_version_string(void); int flx_describe(const char *, size_t, void **, void **); '
    . 'void flx_blob_free(void *);', $library);
$blob = $ours->new('void *');
$status = $ours->flx_describe('build', 5, FFI::addr($blob), null);
$ours->flx_blob_free($blob);
$failed = curl_exec($curl) === false && curl_errno($curl) === 7;
exit($status === 0 && $failed && preg_match('/^\d+\.\d+\.\d+$/', $ours->flx_version_string()) ? 0 : 1);
