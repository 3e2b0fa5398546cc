/*
 * An environment of the library's own, which is empty.
 *
 * The Swift runtime walks `environ` while it is loaded, for settings of its own. Two reasons against it: a host's environment is
 * not to be asked, and where a program has a copy of libc's variable (a program that is not position independent, such as the PHP
 * of the official image) and loads us with RTLD_DEEPBIND, the name means libc's own variable, which is NULL: the walk ends the
 * process. Within the library the name means this one.
 */
static char *nothing[] = {0};

__attribute__((visibility("hidden"))) char **environ = nothing;
