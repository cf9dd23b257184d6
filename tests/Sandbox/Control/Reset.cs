using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Hosting;
using WpAsis.Sandbox.Mail;
using WpAsis.Sandbox.Models;
using WpAsis.Sandbox.Phone;
using WpAsis.Sandbox.Stripe;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Control;

/// <summary>
/// Forgets everything that was recorded or asked for, and stops repeating webhooks. Numbers, Meta's directory of users and the clock stay.
/// </summary>
internal static class Reset
{
    public static void MapReset(this IEndpointRouteBuilder control) =>
        control.MapPost(
            "/reset",
            (
                Generation generation,
                DeliverWebhook deliver,
                FaultList faults,
                Scripts scripts,
                RecordedRequests requests,
                GraphRecords graph,
                MediaStore media,
                Chats chats,
                MailBox mails,
                IServiceProvider services
            ) =>
            {
                generation.Next();
                deliver.ClearCounts();
                faults.Clear();
                scripts.Clear();
                requests.Clear();
                graph.Clear();
                media.Clear();
                chats.Clear();
                mails.Clear();
                services.ClearStripe();
                return Results.NoContent();
            }
        );
}
