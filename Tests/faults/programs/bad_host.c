/* What the judges of section X must see: a host that crashes, never ends, or does not do its job. bad_host crash|hang|idle */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    if (!strcmp(argv[1], "crash"))
        raise(SIGSEGV);
    while (!strcmp(argv[1], "hang"))
        pause();
    puts("-201 -201 -201 over");
    return 0;
}
