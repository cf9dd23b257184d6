// What a command is asked for is declared by an interface of Aspire that may still change.
#pragma warning disable ASPIREINTERACTION001

using Microsoft.Extensions.DependencyInjection;

namespace WpAsis.AppHost.Hosting;

/// <summary>
/// What an operator may do to a service from the dashboard. Each command only calls an endpoint of the management port; where the system is
/// deployed without this program, those endpoints are all there is.
/// </summary>
internal static class OperatorCommands
{
    private const string Client = "operators";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly OperatorCommand[] OfEveryService =
    [
        new("error-queues", "Error queues", HttpMethod.Get, "/operators/error-queues", "TrayItemRemove"),
        new("redrive", "Redrive an error queue", HttpMethod.Post, "/operators/error-queues/{queue}/redrive", "ArrowRepeatAll")
        {
            Argument = new("queue", "Error queue", "Name as 'Error queues' shows it, for example billing-reserve-usage_error."),
            Confirmation = "Puts the messages of the error queue back where they failed.",
        },
        new("outbox", "Outbox", HttpMethod.Get, "/operators/outbox", "MailArrowUp"),
        new("timers", "Timers", HttpMethod.Get, "/operators/timers", "Timer"),
        new("retention", "Run retention now", HttpMethod.Post, "/operators/retention/run", "BinRecycle")
        {
            Confirmation = "Purges what has expired, now instead of at its hour.",
        },
    ];

    private static readonly OperatorCommand[] OfGateway =
    [
        new("quarantine", "Quarantine", HttpMethod.Get, "/operators/quarantine", "ShieldError"),
        new("replay", "Replay the quarantine", HttpMethod.Post, "/operators/quarantine/replay", "ArrowClockwise")
        {
            Confirmation = "Processes the quarantined webhooks again.",
        },
        new("pause", "Pause a channel", HttpMethod.Post, "/operators/channels/{channel}/pause", "Pause")
        {
            Argument = new("channel", "Channel", "Its id: chn_…"),
            Confirmation = "Nothing is sent on the channel until it is resumed.",
        },
        new("resume", "Resume a channel", HttpMethod.Post, "/operators/channels/{channel}/resume", "Play")
        {
            Argument = new("channel", "Channel", "Its id: chn_…"),
        },
    ];

    private static readonly OperatorCommand[] OfRights =
    [
        new("requests", "Requests that grow old", HttpMethod.Get, "/operators/requests", "CalendarClock"),
    ];

    /// <summary>Puts the commands on a service's resource.</summary>
    public static IResourceBuilder<ProjectResource> WithOperatorCommands(
        this IResourceBuilder<ProjectResource> project,
        ServiceNode service,
        OperatorToken token
    )
    {
        project.ApplicationBuilder.Services.AddHttpClient(Client, client => client.Timeout = Limit);
        OperatorCommand[] ofThisService = service.Name switch
        {
            "messaging-gateway" => OfGateway,
            "data-subject-request" => OfRights,
            _ => [],
        };
        foreach (var command in OfEveryService.Concat(ofThisService))
        {
            project.WithHttpCommand(
                command.Path,
                command.Title,
                ServiceResources.Management,
                command.Name,
                new HttpCommandOptions
                {
                    Method = command.Method,
                    HttpClientName = Client,
                    PrepareRequest = context => PrepareAsync(context, command, token),
                    ResultMode = HttpCommandResultMode.Auto,
                    Arguments = command.Argument is { } argument ? [argument.Input] : [],
                    ConfirmationMessage = command.Confirmation,
                    IconName = command.Icon,
                }
            );
        }
        return project;
    }

    private static Task PrepareAsync(HttpCommandRequestContext context, OperatorCommand command, OperatorToken token)
    {
        if (command.Argument is { } argument)
        {
            var value = Uri.EscapeDataString(context.Arguments.GetString(argument.Name) ?? "");
            var path = command.Path.Replace($"{{{argument.Name}}}", value, StringComparison.Ordinal);
            context.Request.RequestUri = new Uri(context.Request.RequestUri!, path);
        }
        return token.SignAsync(context);
    }

    private sealed record OperatorCommand(string Name, string Title, HttpMethod Method, string Path, string Icon)
    {
        public OperatorArgument? Argument { get; init; }

        public string? Confirmation { get; init; }
    }

    private sealed record OperatorArgument(string Name, string Label, string Description)
    {
        public InteractionInput Input =>
            new()
            {
                Name = Name,
                Label = Label,
                Description = Description,
                InputType = InputType.Text,
                Required = true,
                MaxLength = 200,
            };
    }
}
