PHP_ARG_WITH([flxchannel],
  [for flxchannel],
  [AS_HELP_STRING([--with-flxchannel@<:@=DIR@:>@],
    [Channels of the commerce hub Flxpoint; DIR is where the library is installed, pkg-config is asked without it])])

if test "$PHP_FLXCHANNEL" != "no"; then
  if test "$PHP_FLXCHANNEL" = "yes"; then
    PKG_CHECK_MODULES([FLXCHANNEL], [flxchannel])
    PHP_EVAL_INCLINE($FLXCHANNEL_CFLAGS)
    PHP_EVAL_LIBLINE($FLXCHANNEL_LIBS, FLXCHANNEL_SHARED_LIBADD)
  else
    PHP_ADD_INCLUDE($PHP_FLXCHANNEL/include)
    dnl Without a path to find it by: this is for what is tried before it is installed.
    FLXCHANNEL_SHARED_LIBADD="-L$PHP_FLXCHANNEL/lib -lflxchannel"
  fi
  PHP_SUBST(FLXCHANNEL_SHARED_LIBADD)
  PHP_NEW_EXTENSION(flxchannel, module.c handle.c channel.c feeds.c orders.c rounds.c, $ext_shared,, -Wall -Wextra -Wno-unused-parameter)
fi
