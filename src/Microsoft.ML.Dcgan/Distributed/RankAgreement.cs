namespace Microsoft.ML.Dcgan.Distributed;

/// <summary>Where ranks run, and whether they were all started alike.</summary>
internal static class RankAgreement
{
    private const string Status = "/proc/self/status";

    /// <summary>For all of them alike: that each has the root's value of everything named.</summary>
    /// <exception cref="InvalidOperationException">One has another; the message names it.</exception>
    public static void Require(Communicator ranks, IEnumerable<(string Name, string Value)> own)
    {
        const char lineEnd = '\n', equals = '\t';
        string[] all = ranks.Gather(string.Join(lineEnd, own.Select(entry => $"{entry.Name}{equals}{entry.Value}")));
        string[] wanted = all[0].Split(lineEnd);
        for (int rank = 1; rank < all.Length; rank++)
        {
            string[] found = all[rank].Split(lineEnd);
            int other = Array.FindIndex(wanted, entry => !found.Contains(entry));
            if (other >= 0)
            {
                string[] root = wanted[other].Split(equals), here = (found.ElementAtOrDefault(other) ?? $"{equals}").Split(equals);
                throw Communicator.OfAll(new InvalidOperationException(
                    $"Rank {rank} of {ranks.Size} differs where {root[0]} is {here[1]}: rank 0 has {root[1]}. " +
                    "Start all of them as the same program, with the same options, data and threads."));
            }
        }
    }

    /// <summary>Which of the ranks on its machine this is, from 0; and how many, itself included, share its processors.</summary>
    public static (int LocalRank, int Sharing) Place(Communicator ranks)
    {
        string processors = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)) ?? ""
            : "";
        string[] places = ranks.Gather($"{Environment.MachineName}\n{processors}");
        string[] machines = Array.ConvertAll(places, place => place.Split('\n')[0]);
        return (machines.Take(ranks.Rank).Count(machine => machine == machines[ranks.Rank]),
            places.Count(place => place == places[ranks.Rank]));
    }
}
