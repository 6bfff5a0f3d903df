using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Cli.Simulate.Checks;

/// <summary>A journey that somebody is in has an orchestration that runs and waits, and one that has ended has one that has; none failed or was set aside.</summary>
internal sealed class JourneysMoveOn : Check
{
    public override async Task<IReadOnlyList<Violation>> FindAsync(RunEnd end, CancellationToken cancellation)
    {
        var hub = end.Product.Get<TaskHub>();
        var findings = hub.SetAside.Select(instance => Wrong(null, $"orchestration {instance.Key} to run", $"it was set aside: {instance.Value}")).ToList();
        await using var client = new EmulatorDurableTaskClient(hub);
        var instances = new Dictionary<string, OrchestrationMetadata>(StringComparer.Ordinal);
        await foreach (var instance in client.GetAllInstancesAsync())
            instances[instance.InstanceId] = instance;
        findings.AddRange(instances.Values.Where(instance => instance.RuntimeStatus is not (OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Completed))
            .Select(instance => Wrong(null, $"orchestration {instance.InstanceId} to run or to have ended", $"{instance.RuntimeStatus} {instance.FailureDetails?.ErrorMessage}")));

        foreach (var partition in end.Living)
        {
            var customer = partition.Customer.Value;
            foreach (var entry in partition.Of(CustomerRows.Journeys).SelectMany(book => book["entries"]!.AsArray()))
            {
                var (id, ended) = ((string)entry!["instance"]!, entry["ended"] is not null);
                if (instances.GetValueOrDefault(id) is not { } instance)
                    findings.Add(Wrong(customer, $"journey {id}, which was entered, to have begun", "it has not"));
                else if (instance.IsCompleted != ended)
                    findings.Add(Wrong(customer, $"journey {id} {(ended ? "ended" : $"at {entry["node"]}")}", $"its orchestration {instance.RuntimeStatus}"));
                else if (!ended && entry["node"] is null)
                    findings.Add(Wrong(customer, $"journey {id} to have taken a step", "none"));
            }
        }

        foreach (var signal in end.Answers.Of(DealingKind.Signal).Where(signal => Expects(signal) && end.Partitions.GetValueOrDefault(signal.Dealing.Customer)?.Erased is null))
        {
            var entered = end.Partitions[signal.Dealing.Customer].Of(CustomerRows.Journeys).SelectMany(book => book["entries"]!.AsArray()).Any(entry => (string)entry!["journey"]! == "complaint-recovery");
            if (!entered)
                findings.Add(Wrong(signal.Dealing.Customer, "complaint-recovery to have been entered", "it was not"));
        }

        return findings;
    }

    private static bool Expects(Answer signal) => signal.Dealing.Path.EndsWith("complaint_received", StringComparison.Ordinal);
}
