# Scanners made of nothing: a gadget of the kernel, plugged into a socket of its dummy host. A socket is a number from 0.
gadgets=/sys/kernel/config/usb_gadget

# name, vendor, product, its maker, its name, its serial number, function (acm.N, hid.N)
gadget() {
  local home="$gadgets/$1"
  mkdir -p "$home/strings/0x409" "$home/configs/c.1/strings/0x409" "$home/functions/$7"
  echo "0x$2" >"$home/idVendor"
  echo "0x$3" >"$home/idProduct"
  echo "$4" >"$home/strings/0x409/manufacturer"
  echo "$5" >"$home/strings/0x409/product"
  echo "$6" >"$home/strings/0x409/serialnumber"
  ln -s "$home/functions/$7" "$home/configs/c.1/"
}

# line, port of the machine: hands on what the host says to a scanner. Unplugging hangs the line up, which ends a `cat`.
listen() {
  stty -F "$1" raw -echo
  while :; do
    cat "$1"
    sleep 0.1
  done >"/dev/vport0p$2" 2>/dev/null &
}

plug() { echo "dummy_udc.$2" >"$gadgets/$1/UDC"; }
pull() { echo "" >"$gadgets/$1/UDC"; }
