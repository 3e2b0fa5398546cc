<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Security;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;
use PHP_CodeSniffer\Util\Tokens;

/** What is printed was escaped where it is printed: each part of an `echo` is a text of our own or comes of a function that escapes. */
final class EscapeSniff implements Sniff
{
    private const ESCAPING = ['esc_html', 'esc_html__', 'esc_attr', 'esc_attr__', 'esc_url', 'esc_textarea', 'wp_kses_post',
        'checked', 'selected', 'absint', 'intval'];

    public function register(): array
    {
        return [T_ECHO, T_PRINT, T_OPEN_TAG_WITH_ECHO];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        $end = $file->findNext([T_SEMICOLON, T_CLOSE_TAG], $at);
        for ($place = $this->beginning($file, $at, $end); $place < $end; $place++) {
            $token = $tokens[$place];
            if ($token['code'] === T_STRING && in_array($token['content'], self::ESCAPING, true)) {
                $place = $tokens[$file->findNext(T_OPEN_PARENTHESIS, $place)]['parenthesis_closer'];
            } elseif (
                in_array($token['code'], [T_VARIABLE, T_DOUBLE_QUOTED_STRING, T_STRING], true)
                && !isset(Tokens::$castTokens[$tokens[$place - 2]['code']])
            ) {
                $file->addError('"%s" is printed as it is: escape it', $place, 'NotEscaped', [$token['content']]);
            }
        }
    }

    /** Where what is printed begins: behind the condition, if there is one. */
    private function beginning(File $file, int $at, int $end): int
    {
        $tokens = $file->getTokens();
        $depth = count($tokens[$at]['nested_parenthesis'] ?? []);
        for ($place = $at + 1; $place < $end; $place++) {
            if ($tokens[$place]['code'] === T_INLINE_THEN && count($tokens[$place]['nested_parenthesis'] ?? []) === $depth) {
                return $place + 1;
            }
        }
        return $at + 1;
    }
}
