# Scanners made of nothing: a gadget of the kernel, plugged into a socket of its dummy host. A socket is a number from 0.
gadgets=/sys/kernel/config/usb_gadget

# name, vendor, product, its maker, its name, its serial number, function (acm.N, hid.N); of a hid also the bytes of a
# report and its descriptor in hex
gadget() {
  local home="$gadgets/$1"
  mkdir -p "$home/strings/0x409" "$home/configs/c.1/strings/0x409" "$home/functions/$7"
  echo "0x$2" >"$home/idVendor"
  echo "0x$3" >"$home/idProduct"
  echo "$4" >"$home/strings/0x409/manufacturer"
  echo "$5" >"$home/strings/0x409/product"
  echo "$6" >"$home/strings/0x409/serialnumber"
  if [ -n "$8" ]; then
    echo "$8" >"$home/functions/$7/report_length"
    # As scanners have it: the host speaks by its control pipe, and there is no other.
    echo 1 >"$home/functions/$7/no_out_endpoint"
    echo "$9" | xxd -r -p >"$home/functions/$7/report_desc"
  fi
  ln -s "$home/functions/$7" "$home/configs/c.1/"
}

# name, function: the scanner's own end of its line. A hid's is there only while it is plugged in
line_of() {
  local function="$gadgets/$1/functions/$2"
  case "$2" in
    acm.*) echo "/dev/ttyGS$(cat "$function/port_num")" ;;
    hid.*) sed 's|.*:|/dev/hidg|' "$function/dev" ;;
  esac
}

# name, line, port of the machine: hands on what the host says to a scanner. One that is pulled out hears no more
listen() {
  case "$2" in /dev/tty*) stty -F "$2" raw -echo ;; esac
  while :; do
    cat "$2" &
    echo $! >"/run/ear.$1"
    wait
    sleep 0.1
  done >"/dev/vport0p$3" 2>/dev/null &
}

plug() {
  : >"/run/plugged.$1"
  echo "dummy_udc.$2" >"$gadgets/$1/UDC"
}

pull() {
  echo "" >"$gadgets/$1/UDC" || return
  kill "$(cat "/run/ear.$1")" 2>/dev/null || true
}

# name, its device file: when it was plugged in and when its file was the service's to open, by the guest's clock
plugged_and_known() { stat -c %y "/run/plugged.$1" && stat -c %z "$2"; }

# pattern: the file that fits it, once the system has made one; 20 s at most
made() {
  for _ in $(seq 400); do
    for file in $1; do
      if [ -e "$file" ]; then
        echo "$file"
        return
      fi
    done
    sleep 0.05
  done
  echo "nothing fits $1"
  return 1
}
