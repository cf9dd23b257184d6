using MassTransit;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.Billing.DataSubjects;

/// <summary>What billing does about a person who asks.</summary>
internal static class DataSubjectsFeature
{
    public const string Service = "billing";

    public static void AddDataSubjects(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EraseSubjectConsumer>();
        bus.AddConsumer<RectifySubjectConsumer>();
    }

    public static void MapDataSubjects(this IEndpointRouteBuilder routes)
    {
        routes.MapReceiptKey();
        routes.MapExportSubject();
    }
}
