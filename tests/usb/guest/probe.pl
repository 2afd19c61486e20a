# What a modem manager does to a line that it takes for a modem's: has it for itself, asks, and waits for an answer.
my ($line) = @ARGV;
my ($read_write, $no_terminal, $exclusive) = (2, 0400, 0x540C);
sysopen(LINE, $line, $read_write | $no_terminal) or die "$line: $!\n";
ioctl(LINE, $exclusive, 0) or die "$line: $!\n";
syswrite LINE, "AT\r" or die "$line: $!\n";
sleep;
