using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Control;

/// <summary>What the business did at the Graph API.</summary>
internal static class ReadGraph
{
    private const int Most = 10_000;

    public static void MapReadGraph(this IEndpointRouteBuilder control)
    {
        control.MapGet(
            "/graph/sent",
            (long? after, int? limit, GraphRecords records) =>
                new
                {
                    items = records.Sent.After(after ?? 0, Math.Clamp(limit ?? 1000, 1, Most)),
                    total = records.Sent.Total,
                    refused = records.Refused,
                }
        );
        control.MapGet(
            "/graph/reads",
            (long? after, int? limit, GraphRecords records) =>
                new { items = records.Reads.After(after ?? 0, Math.Clamp(limit ?? 1000, 1, Most)), total = records.Reads.Total }
        );
        control.MapGet("/webhooks", (DeliverWebhook deliver) => deliver.Counts);
    }
}
