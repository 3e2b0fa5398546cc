<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Security;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/** No value stands in the text of a query: all come by `$wpdb->prepare()`. Only the names of tables are part of the text. */
final class PreparedSniff implements Sniff
{
    private const ASKING = ['query', 'get_var', 'get_row', 'get_col', 'get_results', 'prepare'];

    public function register(): array
    {
        return [T_STRING];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        $object = $file->findPrevious([T_WHITESPACE, T_OBJECT_OPERATOR], $at - 1, null, true);
        if (!in_array($tokens[$at]['content'], self::ASKING, true) || $tokens[$object]['content'] !== '$wpdb') {
            return;
        }
        $opener = $file->findNext(T_WHITESPACE, $at + 1, null, true);
        $closer = $tokens[$opener]['parenthesis_closer'];
        // The text is the first thing; what is behind its comma is given apart from it.
        for ($place = $opener + 1; $place < $closer && $tokens[$place]['code'] !== T_COMMA; $place++) {
            if ($tokens[$place]['code'] === T_OPEN_PARENTHESIS) {
                $place = $tokens[$place]['parenthesis_closer'];
            }
            // Whatever a function or a method puts together: only prepare() knows what is a value.
            $isCall = $tokens[$place]['code'] === T_STRING && $tokens[$place + 1]['code'] === T_OPEN_PARENTHESIS;
            if ($isCall && $tokens[$place]['content'] !== 'prepare') {
                $file->addError('a query is put together of parts', $place, 'PutTogether');
            }
            $text = preg_replace('/\{?\$wpdb->(prefix|posts|postmeta)\b\}?/', '', $tokens[$place]['content']);
            if (in_array($tokens[$place]['code'], [T_DOUBLE_QUOTED_STRING, T_HEREDOC], true) && str_contains($text, '$')) {
                $file->addError('a value stands in the text of a query', $place, 'InText');
            }
            $isOther = $tokens[$place]['code'] === T_VARIABLE && $tokens[$place]['content'] !== '$wpdb';
            if ($isOther || ($tokens[$place]['code'] === T_STRING_CONCAT)) {
                $file->addError('a query is put together of parts', $place, 'PutTogether');
            }
        }
    }
}
