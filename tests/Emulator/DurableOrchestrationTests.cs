using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public sealed class DurableOrchestrationTests
{
    static DelegateCode Code => new DelegateCode()
        .Activity<int>("Double", value => value * 2)
        .Activity<string>("Fail", text => throw new InvalidOperationException(text));

    [Fact]
    public async Task Activities_run_in_sequence_and_the_output_is_kept()
    {
        await using var hub = new TestHub(Code.Orchestrator("Chain", async context =>
        {
            var value = context.GetInput<int>();
            for (var i = 0; i < 5; i++)
                value = await context.CallActivityAsync<int>("Double", value);
            return value;
        }));
        var id = await hub.RunAsync("Chain", 3);
        var instance = await hub.GetAsync(id);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, 96, 3), (instance.RuntimeStatus, instance.ReadOutputAs<int>(), instance.ReadInputAs<int>()));
    }

    [Fact]
    public async Task Fan_out_waits_for_all_and_any()
    {
        await using var hub = new TestHub(Code.Orchestrator("Fan", async context =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => context.CallActivityAsync<int>("Double", i)));
            var timer = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            var quick = context.CallActivityAsync<int>("Double", 21);
            var first = await Task.WhenAny(timer, quick);
            return new[] { all.Sum(), first == quick ? 1 : 0 };
        }));
        var id = await hub.RunAsync("Fan");
        Assert.Equal([2450, 1], (await hub.GetAsync(id)).ReadOutputAs<List<int>>()!);
    }

    [Fact]
    public async Task A_failed_activity_throws_with_details()
    {
        await using var hub = new TestHub(Code
            .Orchestrator("Caught", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail", "no money");
                    return "?";
                }
                catch (TaskFailedException failed)
                {
                    return $"{failed.TaskName} {failed.TaskId} {failed.FailureDetails.ErrorMessage} {failed.FailureDetails.IsCausedBy<InvalidOperationException>()} {failed.FailureDetails.IsCausedBy<IOException>()}";
                }
            })
            .Orchestrator("Uncaught", async context =>
            {
                await context.CallActivityAsync("Fail", "no money");
                return null;
            }));
        Assert.Equal("Fail 0 no money True False", (await hub.GetAsync(await hub.RunAsync("Caught"))).ReadOutputAs<string>());
        var uncaught = await hub.GetAsync(await hub.RunAsync("Uncaught"));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, uncaught.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, uncaught.FailureDetails!.ErrorType);
        Assert.Equal("no money", uncaught.FailureDetails.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task A_call_of_no_function_fails_and_is_not_retried()
    {
        await using var hub = new TestHub(Code.Orchestrator("Lost", async context =>
        {
            var retry = TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1)));
            var texts = new List<string>();
            foreach (var call in (Func<Task>[])[() => context.CallActivityAsync("Nowhere", null, retry), () => context.CallSubOrchestratorAsync("Nobody", null, retry)])
            {
                try
                {
                    await call();
                }
                catch (TaskFailedException failed)
                {
                    texts.Add(failed.FailureDetails.ErrorMessage);
                }
            }

            return texts;
        }));
        var id = await hub.RunAsync("Lost");
        Assert.Equal(["There is no activity function 'Nowhere'.", "There is no orchestrator function 'Nobody'."], (await hub.GetAsync(id)).ReadOutputAs<List<string>>()!);
    }

    [Fact]
    public async Task A_timer_of_weeks_fires_when_it_is_due()
    {
        await using var hub = new TestHub(Code.Orchestrator("Wait", async context =>
        {
            var began = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromDays(40), CancellationToken.None);
            return context.CurrentUtcDateTime - began;
        }));
        var id = await hub.RunAsync("Wait");
        await hub.AdvanceAsync(TimeSpan.FromDays(39));
        Assert.Equal(OrchestrationRuntimeStatus.Running, await hub.StatusAsync(id));
        await hub.ReopenAsync();
        await hub.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromDays(40), (await hub.GetAsync(id)).ReadOutputAs<TimeSpan>());
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_hold_the_orchestration()
    {
        await using var hub = new TestHub(Code.Orchestrator("Cancel", async context =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
#pragma warning disable VSTHRD103 // an orchestrator stays on its thread
            stop.Cancel();
#pragma warning restore VSTHRD103
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException)
            {
                return "cancelled";
            }
        }));
        Assert.Equal("cancelled", (await hub.GetAsync(await hub.RunAsync("Cancel"))).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Retries_wait_as_the_policy_says()
    {
        var times = new List<TimeSpan>();
        var clock = default(VirtualClock);
        var code = Code
            .Activity<int>("Flaky", _ =>
            {
                times.Add(clock!.GetUtcNow() - TestHub.Start);
                return times.Count < 5 ? throw new IOException("busy") : "done";
            })
            .Orchestrator("Retry", async context => await context.CallActivityAsync<string>(
                "Flaky", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(10, TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(10)))));
        await using var hub = new TestHub(code);
        clock = hub.Clock;
        var id = await hub.RunAsync("Retry");
        await hub.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("done", (await hub.GetAsync(id)).ReadOutputAs<string>());
        Assert.Equal([0, 1, 4, 13, 23], times.Select(time => (int)time.TotalSeconds));
    }

    [Theory]
    [InlineData("attempts", 3)]
    [InlineData("timeout", 4)]
    [InlineData("filter", 1)]
    [InlineData("handler", 2)]
    public async Task Retries_end(string kind, int expected)
    {
        var calls = 0;
        var code = Code
            .Activity<int>("Broken", _ =>
            {
                calls++;
                throw new IOException("broken");
            })
            .Orchestrator("Retry", async context =>
            {
                await context.CallActivityAsync("Broken", 1, kind switch
                {
                    "attempts" => TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1))),
                    "timeout" => TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromSeconds(1), retryTimeout: TimeSpan.FromSeconds(3))),
                    "filter" => TaskOptions.FromRetryPolicy(new RetryPolicy(100, TimeSpan.FromSeconds(1)) { HandleFailure = failure => !failure.IsCausedBy<IOException>() }),
                    _ => TaskOptions.FromRetryHandler(async retry =>
                    {
                        await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                        return retry.LastAttemptNumber < 2 && retry.LastFailure.ErrorMessage == "broken";
                    }),
                });
                return null;
            });
        await using var hub = new TestHub(code);
        var id = await hub.RunAsync("Retry");
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal((OrchestrationRuntimeStatus.Failed, expected), (await hub.StatusAsync(id), calls));
    }

    [Fact]
    public async Task Sub_orchestrations_know_their_parent_and_give_results_and_failures()
    {
        await using var hub = new TestHub(Code
            .Orchestrator("Child", async context => context.GetInput<int>() < 0
                ? throw new InvalidOperationException("negative")
                : $"{context.Parent!.Name}/{context.Parent.InstanceId}/{context.InstanceId}/{await context.CallActivityAsync<int>("Double", context.GetInput<int>())}")
            .Orchestrator("Parent", async context =>
            {
                var good = await context.CallSubOrchestratorAsync<string>("Child", 4, new SubOrchestrationOptions(instanceId: "kid"));
                try
                {
                    await context.CallSubOrchestratorAsync("Child", -1);
                    return "?";
                }
                catch (TaskFailedException failed)
                {
                    return good + " " + failed.FailureDetails.ErrorMessage;
                }
            }));
        await hub.RunAsync("Parent", id: "mum");
        Assert.Equal("Parent/mum/kid/8 negative", (await hub.GetAsync("mum")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Continue_as_new_keeps_events_that_were_not_processed_in_order()
    {
        await using var hub = new TestHub(Code.Orchestrator("Loop", async context =>
        {
            var seen = context.GetInput<List<int>>() ?? [];
            seen.Add(await context.WaitForExternalEvent<int>("n"));
            if (seen.Count == 5)
                return seen;
            context.ContinueAsNew(seen);
            return null;
        }));
        var id = await hub.RunAsync("Loop");
        for (var i = 1; i <= 5; i++)
            await hub.Client.RaiseEventAsync(id, i % 2 == 0 ? "N" : "n", i);
        await hub.Hub.WhenIdleAsync();
        Assert.Equal([1, 2, 3, 4, 5], (await hub.GetAsync(id)).ReadOutputAs<List<int>>()!);
    }

    [Fact]
    public async Task Continue_as_new_drops_events_when_told_to()
    {
        await using var hub = new TestHub(Code.Orchestrator("Loop", async context =>
        {
            if (context.GetInput<string>() == "again")
                return await context.WaitForExternalEvent<string>("kept", TimeSpan.FromDays(1));
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            context.ContinueAsNew("again", preserveUnprocessedEvents: false);
            return null;
        }));
        var id = await hub.RunAsync("Loop");
        await hub.Client.RaiseEventAsync(id, "kept", "x");
        await hub.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, await hub.StatusAsync(id));
    }

    [Fact]
    public async Task An_eternal_orchestration_does_not_grow()
    {
        await using var hub = new TestHub(Code.Orchestrator("Weekly", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
            context.ContinueAsNew(context.GetInput<int>() + 1);
            return null;
        }));
        var id = await hub.RunAsync("Weekly", 0);
        await hub.AdvanceAsync(TimeSpan.FromDays(365));
        Assert.Equal(52, (await hub.GetAsync(id)).ReadInputAs<int>());
        Assert.Equal(1, hub.Hub.Store.Read(reader => reader.History(reader.Instance(id)!.Key, id)).Turns);
    }

    [Fact]
    public async Task Events_are_kept_until_they_are_awaited_and_the_latest_wait_is_served_first()
    {
        await using var hub = new TestHub(Code.Orchestrator("Events", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            var early = new[] { await context.WaitForExternalEvent<string>("a"), await context.WaitForExternalEvent<string>("A"), await context.WaitForExternalEvent<string>("b") };
            var older = context.WaitForExternalEvent<string>("c");
            var newer = context.WaitForExternalEvent<string>("c");
            return string.Join(',', early) + "," + await newer + "," + await older;
        }));
        var id = await hub.RunAsync("Events");
        await hub.Client.RaiseEventAsync(id, "a", "1");
        await hub.Client.RaiseEventAsync(id, "b", "2");
        await hub.Client.RaiseEventAsync(id, "a", "3");
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        await hub.Client.RaiseEventAsync(id, "c", "first");
        await hub.Client.RaiseEventAsync(id, "c", "second");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("1,3,2,first,second", (await hub.GetAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_wait_for_an_event_ends_with_its_time_and_a_later_wait_gets_the_event()
    {
        await using var hub = new TestHub(Code.Orchestrator("Timeout", async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("paid", TimeSpan.FromDays(14));
                return "?";
            }
            catch (TaskCanceledException)
            {
                return "late " + await context.WaitForExternalEvent<string>("paid", TimeSpan.FromDays(14));
            }
        }));
        var id = await hub.RunAsync("Timeout");
        await hub.AdvanceAsync(TimeSpan.FromDays(15));
        await hub.Client.RaiseEventAsync(id, "paid", "yes");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("late yes", (await hub.GetAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_orchestration_sends_an_event_to_another()
    {
        await using var hub = new TestHub(Code
            .Orchestrator("Receiver", async context => await context.WaitForExternalEvent<int>("hello"))
            .Orchestrator("Sender", context =>
            {
                context.SendEvent("receiver", "hello", 7);
                context.SendEvent("nobody", "hello", 7);
                return Task.FromResult<object?>(null);
            }));
        await hub.RunAsync("Receiver", id: "receiver");
        await hub.RunAsync("Sender");
        Assert.Equal(7, (await hub.GetAsync("receiver")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Ids_times_and_logs_are_the_same_in_every_replay()
    {
        var seen = new List<(Guid, DateTime, bool)>();
        await using var hub = new TestHub(Code.Orchestrator("Same", async context =>
        {
            seen.Add((context.NewGuid(), context.CurrentUtcDateTime, context.IsReplaying));
            context.CreateReplaySafeLogger<DurableOrchestrationTests>().LogInformation("once");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return null;
        }));
        await hub.RunAsync("Same", id: "same");
        await hub.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal([false, true, true], seen.Select(item => item.Item3));
        Assert.Single(seen.Select(item => (item.Item1, item.Item2)).Distinct());
        Assert.Equal(TestHub.Start.UtcDateTime, seen[0].Item2);
        Assert.Equal(5, seen[0].Item1.Version);
        Assert.Single(hub.Log.Lines, "once");
    }

    [Fact]
    public async Task A_custom_status_is_shown_while_it_runs()
    {
        await using var hub = new TestHub(Code.Orchestrator("Status", async context =>
        {
            context.SetCustomStatus(new { Step = 1 });
            await context.WaitForExternalEvent<string>("go");
            context.SetCustomStatus("done");
            return null;
        }));
        var id = await hub.RunAsync("Status");
        Assert.Equal("""{"Step":1}""", (await hub.GetAsync(id)).SerializedCustomStatus);
        await hub.Client.RaiseEventAsync(id, "go");
        await hub.Hub.WhenIdleAsync();
        Assert.Equal("done", (await hub.GetAsync(id)).ReadCustomStatusAs<string>());
    }
}
