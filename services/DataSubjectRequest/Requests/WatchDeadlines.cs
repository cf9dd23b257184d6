using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>A request that uses up the time which the law gives it.</summary>
/// <param name="RequestId">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Deadline">By when it must be answered.</param>
/// <param name="UsedPercent">Of its time.</param>
internal sealed record AgeingRequest(SubjectRequestId RequestId, RequestState State, DateTimeOffset Deadline, int UsedPercent);

/// <summary>
/// Raises an alarm when an unanswered request has used 50, 75, 90 and 100 % of its time: a line in the log for each step, a gauge of
/// how many stand at which. A restarted process says it again; better twice than never.
/// </summary>
internal sealed partial class WatchDeadlines : Sweeper
{
    private static readonly int[] Alarms = [50, 75, 90, 100];
    private readonly WorkDb<DataSubjectRequestDbContext> _work;
    private readonly TimeProvider _clock;
    private readonly ILogger<WatchDeadlines> _logger;
    private readonly Dictionary<SubjectRequestId, int> _said = [];
    private volatile IReadOnlyList<AgeingRequest> _ageing = [];

    public WatchDeadlines(
        WorkDb<DataSubjectRequestDbContext> work,
        IMeterFactory meters,
        TimeProvider clock,
        ILogger<WatchDeadlines> logger
    )
        : base(logger)
    {
        (_work, _clock, _logger) = (work, clock, logger);
        meters
            .Create("WpAsis.DataSubjectRequest")
            .CreateObservableGauge(
                "wpasis.requests.ageing",
                () => Alarms.Select(alarm => new Measurement<int>(Count(alarm), new KeyValuePair<string, object?>("used", alarm))),
                "{request}",
                "Unanswered requests by the share of their legal time that is used up"
            );
    }

    protected override TimeSpan Interval => TimeSpan.FromMinutes(1);

    /// <summary>Unanswered requests past half of their time, the oldest first.</summary>
    public async Task<IReadOnlyList<AgeingRequest>> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = _work.CreateContext();
        var now = _clock.GetUtcNow();
        var open = await db
            .Routes.AsNoTracking()
            .Where(route => route.ClosedAt == null)
            .OrderBy(route => route.RequestId)
            .ToListAsync(cancellationToken);
        List<AgeingRequest> ageing = [];
        // An id tells when its request came, so only the old ones are read.
        foreach (var route in open.TakeWhile(route => Deadline.Used(TypedId.MadeAt(route.RequestId), now) >= Alarms[0]))
        {
            if (await db.ReadAsync(route, cancellationToken) is { State: not RequestState.Delivered } request)
                ageing.Add(new(request.RequestId, request.State, request.Deadline, Deadline.Used(request.ReceivedAt, now)));
        }
        return ageing;
    }

    protected override async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        _ageing = await FindAsync(cancellationToken);
        foreach (var request in _ageing)
        {
            var alarm = AlarmOf(request);
            if (_said.GetValueOrDefault(request.RequestId) < alarm)
                GrowsOld(_logger, request.RequestId, request.State, alarm, request.Deadline);
            _said[request.RequestId] = alarm;
        }
        foreach (var answered in _said.Keys.Except(_ageing.Select(request => request.RequestId)).ToList())
            _said.Remove(answered);
        return false;
    }

    private int Count(int alarm) => _ageing.Count(request => AlarmOf(request) == alarm);

    private static int AlarmOf(AgeingRequest request) => Alarms.Last(alarm => alarm <= request.UsedPercent);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Request {RequestId} is still {State} and has used {Used} % of its legal time; it ends at {Deadline}"
    )]
    private static partial void GrowsOld(ILogger logger, SubjectRequestId requestId, RequestState state, int used, DateTimeOffset deadline);
}

/// <summary>What operators look at every day.</summary>
internal static class ListAgeingRequestsEndpoint
{
    public static void MapListAgeingRequests(this IEndpointRouteBuilder operators) =>
        operators.MapGet("/requests", (WatchDeadlines watch, CancellationToken cancellationToken) => watch.FindAsync(cancellationToken));
}
