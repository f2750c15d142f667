#!/bin/sh
# SPDX-FileCopyrightText: 2026 the parloop authors
# SPDX-License-Identifier: MIT
# namespaces.sh openmpi|mpich RANKS PROGRAM [ARGUMENT...]: runs the program on two "hosts" of this machine, network and
# host-name namespaces that reach each other by TCP alone. Exit code 77: this machine does not allow that.
mpi=$1 ranks=$2
shift 2
id=pl$$
work=$(mktemp -d)
clean() {
  ip netns del ${id}a 2>/dev/null
  ip netns del ${id}b 2>/dev/null
  rm -rf "$work"
}
trap clean EXIT
skip() { echo "SKIPPED: $*"; exit 77; }
command -v ip >/dev/null || skip "no ip (Debian: iproute2)"
ip netns add ${id}a 2>/dev/null && ip netns add ${id}b 2>/dev/null || skip "no network namespaces here"
unshare --uts true 2>/dev/null || skip "no namespaces of host names here"
ip link add ${id}a type veth peer name ${id}b 2>/dev/null || skip "no pairs of virtual network devices here"
n=1
for end in a b; do
  ip link set $id$end netns $id$end
  ip -n $id$end addr add 10.77.0.$n/24 dev $id$end
  ip -n $id$end link set $id$end up
  ip -n $id$end link set lo up
  n=$((n + 1))
done
# What stands in for ssh: agent [-x] HOST COMMAND...
cat > "$work/agent" <<END
#!/bin/sh
[ "\$1" = -x ] && shift
case \$1 in 10.77.0.1) end=a ;; *) end=b ;; esac
shift
exec ip netns exec ${id}\$end unshare --uts sh -c 'hostname host'\$end'; exec sh -c "\$0"' "\$*"
END
chmod +x "$work/agent"
if [ "$mpi" = openmpi ]; then
  launch="mpirun.openmpi --allow-run-as-root --oversubscribe --bind-to none --mca plm_rsh_agent $work/agent
    --mca osc ^ucx --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24
    --host 10.77.0.1:$ranks,10.77.0.2:$ranks --map-by node"
else
  export UCX_TLS=tcp,self  # UCX would find the other host in shared memory
  launch="mpirun.mpich -launcher ssh -launcher-exec $work/agent -iface ${id}a -hosts 10.77.0.1,10.77.0.2"
fi
ip netns exec ${id}a unshare --uts sh -c 'hostname hosta; exec "$@"' sh $launch -n "$ranks" "$@"
