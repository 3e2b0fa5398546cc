<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Style;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;
use PHP_CodeSniffer\Util\Tokens;

/** What cannot be assigned to stands left of a comparison; and it is compared strictly. */
final class YodaSniff implements Sniff
{
    public function register(): array
    {
        return [T_IS_IDENTICAL, T_IS_NOT_IDENTICAL, T_IS_EQUAL, T_IS_NOT_EQUAL];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        if (in_array($tokens[$at]['code'], [T_IS_EQUAL, T_IS_NOT_EQUAL], true)) {
            $file->addError('%s compares loosely', $at, 'Loose', [$tokens[$at]['content']]);
        }
        $left = $file->findPrevious(Tokens::$emptyTokens, $at - 1, null, true);
        $right = $file->findNext(Tokens::$emptyTokens, $at + 1, null, true);
        $isValue = in_array($tokens[$right]['code'], [T_CONSTANT_ENCAPSED_STRING, T_LNUMBER, T_NULL, T_TRUE, T_FALSE], true);
        $isVariable = $tokens[$left]['code'] === T_VARIABLE || $tokens[$left]['code'] === T_CLOSE_SQUARE_BRACKET;
        if ($isValue && $isVariable) {
            $file->addError('the value stands left of %s', $at, 'NotYoda', [$tokens[$at]['content']]);
        }
    }
}
