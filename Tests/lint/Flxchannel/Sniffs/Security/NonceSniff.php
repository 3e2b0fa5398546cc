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
    private const CLEANING = ['sanitize_text_field', 'sanitize_key', 'sanitize_email', 'absint', 'array_map', 'wp_verify_nonce'];

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
        if (!$this->isClean($file, $at)) {
            $file->addError('%s is used as it came: sanitize it', $at, 'NotSanitized', [$tokens[$at]['content']]);
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

    /** Whether one of the calls around it makes it clean, or it is only asked whether it is there. */
    private function isClean(File $file, int $at): bool
    {
        $tokens = $file->getTokens();
        foreach (array_keys($tokens[$at]['nested_parenthesis'] ?? []) as $opener) {
            $caller = $tokens[$file->findPrevious(T_WHITESPACE, $opener - 1, null, true)];
            if ($caller['code'] === T_ISSET || in_array($caller['content'], self::CLEANING, true)) {
                return true;
            }
        }
        return false;
    }
}
