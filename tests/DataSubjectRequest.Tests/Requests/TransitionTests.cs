using WpAsis.DataSubjectRequest.Requests;

namespace WpAsis.DataSubjectRequest.Tests.Requests;

public sealed class TransitionTests
{
    private static readonly RequestState[] Ends =
    [
        RequestState.Completed,
        RequestState.Denied,
        RequestState.Withdrawn,
        RequestState.Expired,
    ];

    [Fact]
    public void From_every_state_of_every_request_an_end_can_be_reached_and_no_end_is_left()
    {
        foreach (var kind in Enum.GetValues<RequestKind>())
        foreach (var closes in (bool[])[false, true])
        foreach (var state in Reachable(kind, closes, RequestState.AwaitingProof))
        {
            Reachable(kind, closes, state).ShouldContain(end => Ends.Contains(end), $"{kind} in {state}");
            if (Ends.Contains(state))
                Reachable(kind, closes, state).ShouldBe([state]);
        }
    }

    [Fact]
    public void An_erasure_is_complete_only_after_all_have_signed_and_nobody_is_left()
    {
        foreach (var state in Enum.GetValues<RequestState>())
        foreach (var what in Enum.GetValues<RequestEvent>())
        {
            var next = Transition.Of(RequestKind.Erasure, closesBusinesses: false, state, what).State;
            if (next is RequestState.Completed && state is not RequestState.Completed and not RequestState.Delivered)
                (state, what).ShouldBe((RequestState.Verifying, RequestEvent.NotFound));
            if (next is RequestState.Verifying && state is not RequestState.Verifying)
                (state, what).ShouldBe((RequestState.Executing, RequestEvent.AllSigned));
        }
    }

    [Theory]
    [InlineData("2027-01-31T10:00:00+03:00", "2027-02-28T07:00:00Z")]
    [InlineData("2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z")]
    [InlineData("2026-11-24T21:00:00Z", "2026-12-24T21:00:00Z")]
    [InlineData("2026-12-24T21:00:00Z", "2027-01-23T21:00:00Z")]
    public void The_earliest_clock_counts(string received, string deadline) =>
        Deadline
            .Of(DateTimeOffset.Parse(received, System.Globalization.CultureInfo.InvariantCulture))
            .ShouldBe(DateTimeOffset.Parse(deadline, System.Globalization.CultureInfo.InvariantCulture));

    private static HashSet<RequestState> Reachable(RequestKind kind, bool closes, RequestState from)
    {
        var found = new HashSet<RequestState> { from };
        var open = new Queue<RequestState>([from]);
        while (open.TryDequeue(out var state))
        {
            foreach (var what in Enum.GetValues<RequestEvent>())
            {
                var next = Transition.Of(kind, closes, state, what).State;
                if (found.Add(next))
                    open.Enqueue(next);
            }
        }
        return found;
    }
}
