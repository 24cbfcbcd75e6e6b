import Host

hostMain()
