#!/usr/bin/env bash
# Runs a program as so many ranks of Open MPI, each in a network namespace of its own, as on machines that a switch connects by links
# of a given rate. For root, on Linux:
#
#     benchmarks/namespaces.sh 4 1gbit dotnet benchmarks/bin/Release/net10.0/Microsoft.ML.Dcgan.Benchmarks.dll scaling --rounds 3
set -euo pipefail
count=$1 rate=$2
shift 2

clean() {
    for ((i = 0; i < count; i++)); do
        ip netns del "dcgan$i" 2>/dev/null || true
    done
    ip link del dcgan-switch 2>/dev/null || true
    rm -f "${agent:-}"
}
trap clean EXIT
clean
ip link add dcgan-switch type bridge
ip addr add 10.213.0.254/24 dev dcgan-switch
ip link set dcgan-switch up
hosts=
for ((i = 0; i < count; i++)); do
    ip netns add "dcgan$i"
    ip link add "dcgan-port$i" type veth peer name eth0 netns "dcgan$i"
    ip link set "dcgan-port$i" master dcgan-switch up
    ip -n "dcgan$i" addr add "10.213.0.$((i + 1))/24" dev eth0
    ip -n "dcgan$i" link set eth0 up
    ip -n "dcgan$i" link set lo up
    # What goes out, and what comes in.
    tc -n "dcgan$i" qdisc add dev eth0 root tbf rate "$rate" burst 256kb latency 20ms
    tc qdisc add dev "dcgan-port$i" root tbf rate "$rate" burst 256kb latency 20ms
    hosts+=${hosts:+,}dcgan$i
done

# In place of ssh: the host's name, then the command.
agent=$(mktemp)
cat >"$agent" <<'AGENT'
#!/usr/bin/env bash
host=$1
shift
exec ip netns exec "$host" bash -c "$*"
AGENT
chmod +x "$agent"
network=10.213.0.0/24
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun.openmpi -np "$count" --host "$hosts" --map-by node --bind-to none \
    --mca plm_rsh_agent "$agent" --mca plm_rsh_no_tree_spawn 1 --mca oob_tcp_if_include "$network" --mca btl tcp,self \
    --mca btl_tcp_if_include "$network" "$@"
