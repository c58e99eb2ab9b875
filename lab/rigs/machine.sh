#!/usr/bin/env bash
# Boots systemd in namespaces of its own, on a copy-on-write view of this machine: nothing it does is seen outside.
# Usage: machine.sh FOLDER      (an empty folder; root only; ends when systemd is killed)
set -euo pipefail
base=$1
mount --make-rprivate /
mount -t tmpfs -o mode=755 machine "$base"
mkdir "$base"/{changed,work,root,groups}
mount -t overlay -o "lowerdir=/,upperdir=$base/changed,workdir=$base/work" machine "$base/root"
mount -t cgroup2 groups "$base/groups"
group=$base/groups/machine-$$
mkdir "$group"
export base

inside() {
  set -euo pipefail
  cd "$base/root"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 groups sys/fs/cgroup
  mount -o bind,ro proc/sys proc/sys
  for folder in dev run tmp var/tmp home; do mount -t tmpfs -o mode=755 machine "$folder"; done
  chmod 1777 tmp var/tmp
  mkdir dev/{shm,pts}
  chmod 1777 dev/shm
  for device in null zero full random urandom tty; do touch "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
  ln -s /proc/self/fd dev/fd
  mkdir -p run/outside
  pivot_root . run/outside
  umount --lazy /run/outside
  rmdir /run/outside
  export PATH=/usr/sbin:/usr/bin:/sbin:/bin
  hostname gym
  ip link set lo up 2>/dev/null || true
  useradd --create-home --uid 4242 --groups audio --shell /bin/bash gym
  cd /etc/systemd/system
  ln -sf /dev/null systemd-tmpfiles-setup.service
  for unit in systemd-{udevd,udev-trigger,modules-load,sysctl,timesyncd,remount-fs,random-seed,tmpfiles-setup-dev,binfmt} \
    systemd-{update-utmp,machine-id-commit,firstboot,sysusers,journal-flush,update-utmp-runlevel,networkd,pstore}; do
    ln -sf /dev/null "$unit.service"
  done
  ln -sf /dev/null networking.service
  # It counts the threads of its user on the whole computer, so a second machine at the same time would stop it.
  ln -sf /dev/null rtkit-daemon.service
  cat > machine.target <<'END'
[Unit]
Requires=dbus.service systemd-logind.service
After=dbus.service systemd-logind.service
END
  exec env -i container=test PATH="$PATH" /lib/systemd/systemd --system --unit=machine.target --show-status=no \
    --log-target=journal </dev/null
}
export -f inside
(
  echo "$BASHPID" > "$group/cgroup.procs"
  exec unshare --cgroup --pid --uts --ipc --net --mount --fork --kill-child bash -c inside
) || true
find "$group" -depth -type d -exec rmdir {} +
