#!/bin/busybox sh
# What a Linux finds on this PC, on COM1: sections that begin with "=== name". It ends with PROBE END.
/bin/busybox mkdir -p /proc /sys /dev /tmp /sbin
/bin/busybox --install -s /sbin
export PATH=/bin:/sbin LD_LIBRARY_PATH=/lib
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
dmesg -n 1
exec < /dev/null > /dev/ttyS0 2>&1
stty -F /dev/ttyS0 -opost

echo "PROBE BEGIN 1"
for module in $(cat /modules/order); do insmod /modules/$module.ko || echo "=== insmod failed $module"; done
# Drives and mouse are looked for in the background; the mouse is the last.
for try in 1 2 3 4 5 6 7 8 9 10; do
  [ -e /sys/block/sr0 ] && grep -q 'Mouse' /proc/bus/input/devices && break
  sleep 1
done

section() { echo "=== $1"; }
first() { head -n 1 "$1" 2>/dev/null; }

section interrupts; cat /proc/interrupts
section ioports; cat /proc/ioports
section iomem; cat /proc/iomem
section dma; cat /proc/dma
section cpuinfo; cat /proc/cpuinfo
section mtrr; cat /proc/mtrr
section clocks
clocks=/sys/devices/system/clocksource/clocksource0
echo "available: $(first $clocks/available_clocksource)"
echo "current: $(first $clocks/current_clocksource)"
for event in /sys/devices/system/clockevents/*/current_device; do
  event=${event%/*}; echo "${event##*/}: $(first $event/current_device)"
done
section idle; cat /sys/devices/system/cpu/cpuidle/current_driver; cat /sys/devices/system/cpu/cpu0/cpuidle/state*/name
section rtc; grep -v -e rtc_time -e rtc_date -e alrm /proc/driver/rtc
section pnp
for device in /sys/bus/pnp/devices/*; do
  driver=$(readlink $device/driver)
  echo "$(tr '\n' ' ' < $device/id)driver ${driver##*/}"; sed 's/^/  /' $device/resources
done
section acpi
for device in /sys/bus/acpi/devices/*; do
  [ -e $device/path ] && echo "$(first $device/path) $(first $device/hid) $(first $device/adr) status $(first $device/status)"
done
section gpe; for event in /sys/firmware/acpi/interrupts/[!g]*; do echo "${event##*/}: $(first $event)"; done
section input; cat /proc/bus/input/devices
section block
for disk in /sys/block/s[dr]*; do
  name=${disk##*/}
  for fact in size ro removable queue/logical_block_size queue/physical_block_size queue/rotational queue/write_cache \
    queue/max_sectors_kb device/vendor device/model device/rev device/type device/queue_depth; do
    echo "$name $fact: $(first $disk/$fact)"
  done
done
for port in /sys/class/ata_device/*; do
  for fact in class xfer_mode dma_mode pio_mode spdn_cnt; do echo "${port##*/} $fact: $(first $port/$fact)"; done
done
section lspci; lspci -nn -vvv -xxxx
section dmidecode; dmidecode
for drive in dev1.0 dev2.0; do
  section "identify $drive"; cat /sys/class/ata_device/$drive/id
  section "hdparm $drive"; hdparm --Istdin < /sys/class/ata_device/$drive/id
done
for drive in sda sr0; do
  for ask in "sg_inq" "sg_vpd -p sv" "sg_vpd -p di" "sg_readcap" "sg_modes -a" "sg_requests" "sg_turs" "sg_luns"; do
    section "$ask $drive"; $ask /dev/$drive
  done
done
section "sg_get_config sr0"; sg_get_config /dev/sr0
section acpidump; acpidump
section dmesg; dmesg
echo "PROBE END"
# Whoever reads it ends the machine.
while :; do sleep 3600; done
