<?php

declare(strict_types=1);

namespace Flxchannel\Sniffs\Security;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/** A function that reads a form has asked for its nonce, and what it reads has lost its slashes and is clean. */
final class NonceSniff implements Sniff
{
    private const FORMS = ['$_GET', '$_POST', '$_REQUEST', '$_COOKIE', '$_FILES'];
    private const ASKING = ['wp_verify_nonce', 'check_admin_referer', 'check_ajax_referer'];
    private const CLEANING = ['sanitize_text_field', 'sanitize_key', 'sanitize_email', 'absint', 'wp_verify_nonce'];
    /** Nothing with a slash comes through these. */
    private const STRICT = ['sanitize_key', 'absint', 'wp_verify_nonce'];

    public function register(): array
    {
        return [T_VARIABLE];
    }

    public function process(File $file, $at): void
    {
        $tokens = $file->getTokens();
        if (!in_array($tokens[$at]['content'], self::FORMS, true)) {
            return;
        }
        $function = $file->getCondition($at, T_FUNCTION);
        if (!$function || !$this->asks($file, $tokens[$function])) {
            $file->addError('%s is read where no nonce was asked for', $at, 'Missing', [$tokens[$at]['content']]);
        }
        $callers = $this->callers($file, $at);
        if (in_array('isset', $callers, true)) {
            return; // It is only asked whether it is there.
        }
        if (!array_intersect($callers, self::CLEANING)) {
            $file->addError('%s is used as it came: sanitize it', $at, 'NotSanitized', [$tokens[$at]['content']]);
        } elseif (!array_intersect($callers, [...self::STRICT, 'wp_unslash'])) {
            $file->addError('%s has the slashes that WordPress adds: wp_unslash() it', $at, 'Slashed', [$tokens[$at]['content']]);
        }
    }

    private function asks(File $file, array $function): bool
    {
        for ($place = $function['scope_opener']; $place < $function['scope_closer']; $place++) {
            if (in_array($file->getTokens()[$place]['content'], self::ASKING, true)) {
                return true;
            }
        }
        return false;
    }

    /** The functions that it goes through; in place of `array_map`, what that does to each. */
    private function callers(File $file, int $at): array
    {
        $tokens = $file->getTokens();
        $callers = [];
        foreach (array_keys($tokens[$at]['nested_parenthesis'] ?? []) as $opener) {
            $caller = $tokens[$file->findPrevious(T_WHITESPACE, $opener - 1, null, true)]['content'];
            if ($caller === 'array_map') {
                $caller = trim($tokens[$file->findNext(T_WHITESPACE, $opener + 1, null, true)]['content'], "'\"");
            }
            $callers[] = $caller;
        }
        return $callers;
    }
}
