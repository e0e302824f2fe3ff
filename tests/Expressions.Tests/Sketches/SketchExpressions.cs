namespace WorkflowEngine.Expressions.Tests.Sketches;

/// <summary>Every expression of the six templates, each once.</summary>
internal static class SketchExpressions
{
    public static readonly string[] CustomerToSalesforce =
    [
        "input.mergedToId ?? input.id",
        "input.mergedToId !== null",
        "input.id",
        "input.mergedToId",
        "surviving === null",
        "losing.Id",
        "surviving.Id",
        "!input.active",
        """
            params.inactive === "flag"
            """,
        "input.tagTypeIds",
        """params.contacts === "byMemo" ? lines.filter(l => (l.memo ?? "").trim() !== "") : []""",
        "lines.filter(l => !people.named.some(n => n.id === l.id))",
        """list.first(people.own, l => l.type === "Phone") ?? list.first(people.own, l => l.type === "MobilePhone")""",
        """
            [
              { key: `${input.id}/primary`, lines: people.own,
                name: input.type === "Commercial" ? { first: null, last: input.name } : split.personName(input.name) },
              ...list.groupBy(people.named, l => (l.memo ?? "").trim().toLowerCase()).map(g =>
                ({ key: text.truncate(`${input.id}/${g.key}`, 80), lines: g.items, name: split.personName(g.items[0].memo) }))
            ]
            """,
        "input.name",
        "normalize.phone(people.phone?.value, params.country)",
        """list.join(list.compact([input.address.street, input.address.unit]), "\n")""",
        "input.address.city",
        "input.address.state",
        "input.address.zip",
        "input.address.country",
        """tags.length === 0 ? clear : text.truncate(list.join(list.sortBy(tags.map(t => t.name), n => n), "; "), 255)""",
        """list.first(list.compact(input.tagTypeIds.map(t => table.find("segments", t)?.segment)))""",
        "params.owner",
        "people.all",
        """normalize.email(list.first(person.lines, l => l.type === "Email")?.value)""",
        """normalize.phone(list.first(person.lines, l => l.type === "MobilePhone")?.value, params.country)""",
        """normalize.phone(list.first(person.lines, l => l.type === "Phone")?.value, params.country)""",
        "reach.email === null && reach.mobile === null && reach.phone === null",
        "person.key",
        "person.name.first",
        "person.name.last",
        "reach.email",
        "reach.mobile",
        "reach.phone",
        "account.id",
        "people.all.map(p => p.key)",
        """
            params.locations === "records"
            """,
        "sites",
        "site.id",
        "site.name",
        "site.address.street",
        "site.active",
    ];

    public static readonly string[] CompletedJob =
    [
        "trigger.id",
        "trigger.job !== null",
        "trigger.job.id",
        "input.jobId",
        """
            job.jobStatus === "Canceled"
            """,
        "job.id",
        """
            job.jobStatus !== "Completed"
            """,
        "job.noCharge && !params.noCharge",
        """
            job.recallForId !== null && params.recalls === "skip"
            """,
        "job.invoiceId",
        "job.jobTypeId",
        """params.value === "total" ? invoice?.total : invoice?.subTotal""",
        "invoice?.active === true && result.net !== null && money.compare(result.net, 0) !== 0 ? result.net : null",
        "job.total !== null && money.compare(job.total, 0) !== 0 ? job.total : null",
        "job.noCharge ? money.sum([]) : result.invoiced ?? result.recorded",
        """list.join(list.distinct(assignments.map(a => a.technicianName)), ", ")""",
        """list.maxBy(visits.filter(v => v.status === "Done"), v => v.end)?.end""",
        "date.of(job.completedOn ?? result.lastVisit ?? run.now, params.timeZone)",
        """
            list.compact([
              job.summaryOfWork,
              ...visits.flatMap(v => (v.appointmentSummaries ?? []).map(s => s.notes)),
              job.summary,
              ...notes.map(n => n.text)
            ].map(t => text.stripHtml(t)))
            """,
        """text.truncate(list.join(list.distinct(result.words), "\n\n"), 32000)""",
        """
            job.recallForId !== null && params.recalls === "original"
            """,
        "job.recallForId",
        "job.locationId",
        "repeated.Id",
        "here.filter(j => j.recallForId === job.recallForId).length",
        "`recall/${job.id}`",
        "repeated.OwnerId",
        "`Recall done: job ${job.jobNumber}`",
        "result.story",
        "job.external.sfOpportunityId",
        "invoice?.referenceNumber",
        "jobType?.name",
        "text.truncate(result.technicians, 255)",
        "job.completedOn",
        """text.truncate(`${jobType?.name ?? "Job"} ${job.jobNumber}`, 120)""",
        "job.customerId",
        "params.recordType",
        """table.find("stages", job.jobTypeId)?.type""",
        """table.find("stages", job.jobTypeId)?.stage ?? params.stage""",
        "result.closed",
        "result.amount",
        "found.IsClosed ? keep : params.stage",
        "found.IsClosed ? keep : result.closed",
        """params.amount === "leave" || found.HasOpportunityLineItem ? keep : result.amount ?? keep""",
    ];

    public static readonly string[] InvoiceToRevenue =
    [
        "params.timeZone",
        """
            params.target !== "record"
            """,
        """date.add(date.of(run.scheduledFor ?? run.now, params.timeZone), "1d")""",
        """date.add(period.to, "-35d")""",
        "period.from",
        "period.to",
        "money.subtract(params.withTax ? source[0].gross : source[0].net, sink[0].revenue)",
        "money.subtract(source[0].balance, sink[0].balance)",
        """
            [gap.revenue, gap.balance].some(d => money.compare(d, params.tolerance) > 0
              || money.compare(money.multiply(d, -1), params.tolerance) > 0)
            """,
        "`Revenue since ${period.from} is off by ${gap.revenue}, balances by ${gap.balance}`",
        """table.find("regions", row.invoice.businessUnit?.id)?.region""",
        """row.invoice.custom["Purchase order"]""",
        """date.of(row.invoice.paidOn, "America/Denver")""",
        "`Silver Creek revenue since ${period.from} is off by ${gap.revenue}`",
        "params.schedule",
        "`invoice/${trigger.id}`",
        "[trigger.id]",
        "`invoice/${trigger.invoiceId}`",
        "[trigger.invoiceId]",
        "`payment/${trigger.id}`",
        "(trigger.appliedTo ?? []).map(a => a.appliedTo)",
        "trigger.refundedPaymentId",
        "input.source",
        "input.refundedPaymentId",
        "[...input.invoiceIds, ...(refunded?.appliedTo ?? []).map(a => a.appliedTo)]",
        "touched",
        "invoice.job?.id ?? `invoice/${invoice.id}`",
        "invoice.job?.id",
        "invoice.id",
        """date.add(run.now, "1m")""",
        "input.jobId",
        "input.invoiceId",
        "input.jobId === null ? itself : ofJob",
        "family.invoices.map(i => i.id)",
        """
            receipts.flatMap(p => (p.appliedTo ?? []).filter(a => a.appliedAmount !== null).map(a => ({
              invoiceId: a.appliedTo,
              refund: p.refundedPaymentId !== null,
              amount: money.compare(a.appliedAmount, 0) < 0 ? money.multiply(a.appliedAmount, -1) : a.appliedAmount
            })))
            """,
        """
            family.invoices.map(i => ({
              invoice: i,
              revenue: i.active ? (params.withTax ? i.total : i.subTotal) : money.sum([]),
              paid: money.sum(figures.uses.filter(u => u.invoiceId === i.id && !u.refund).map(u => u.amount)),
              refunded: money.sum(figures.uses.filter(u => u.invoiceId === i.id && u.refund).map(u => u.amount))
            }))
            """,
        "money.sum(figures.rows.map(r => r.revenue))",
        "money.subtract(money.sum(figures.rows.map(r => r.paid)), money.sum(figures.rows.map(r => r.refunded)))",
        """
            params.target === "record"
            """,
        "figures.rows",
        "row.invoice.id",
        "row.invoice.referenceNumber ?? row.invoice.id",
        "opportunity?.Id",
        "row.invoice.customer?.id",
        "row.invoice.invoiceDate",
        """row.invoice.adjustmentToId !== null ? "Adjustment" : row.invoice.invoiceConfiguration""",
        "!row.invoice.active",
        "row.revenue",
        "row.invoice.salesTax",
        "row.paid",
        "row.refunded",
        "row.invoice.balance",
        "params.lines",
        "revenue.id",
        "row.invoice.items ?? []",
        "line.id",
        "text.truncate(line.displayName ?? line.skuName ?? line.type, 80)",
        "line.quantity",
        "line.total",
        """
            params.target === "opportunity"
            """,
        "opportunity !== null",
        "opportunity.Id",
        "opportunity.HasOpportunityLineItem ? keep : figures.revenue",
        "figures.revenue",
        "figures.paid",
    ];

    public static readonly string[] LowRating =
    [
        "trigger.active && trigger.rating <= params.ratingThreshold",
        "`rating/${trigger.technicianId}/${trigger.jobId}`",
        "trigger.jobId",
        "trigger.rating",
        "trigger.active",
        "(trigger.internalId ?? trigger.externalId) !== null && trigger.rating !== null && trigger.rating <= params.reviewThreshold",
        """list.join(["review", trigger.internalId ?? list.join([trigger.platform, trigger.externalId], "/")], "/")""",
        """trigger.internalId ?? list.join([trigger.platform, trigger.externalId], "/")""",
        "trigger.customerId",
        "(trigger.rating ?? 5) * 2",
        "(trigger.rating ?? 5) <= params.reviewThreshold",
        "trigger.review",
        "trigger.authorName",
        "trigger.authorEmail",
        "input.jobId ?? input.source",
        "input.jobId",
        "input.reviewId",
        "known === null && !input.low",
        "input.source",
        "input.score",
        "input.standing",
        "standing[0].rating ?? input.score",
        """
            verdict.score <= params.urgentUpTo ? "High" : verdict.score <= params.ratingThreshold ? "Medium" : "Low"
            """,
        "job?.customerId ?? input.customerId",
        "customer?.mergedToId ?? customer?.id",
        "who.customerId === null ? null : `${who.customerId}/primary`",
        "who.customerId",
        "who.personKey",
        "account?.OwnerId",
        "verdict.score",
        "verdict.priority",
        "owner?.Id ?? params.queue",
        "account?.Id",
        "contact?.Id",
        """text.truncate(`Low rating ${verdict.score}/10, job ${job?.jobNumber ?? "not matched"}`, 255)""",
        "text.truncate(text.stripHtml(input.words ?? job?.summary), 32000)",
        "params.origin",
        "input.authorName",
        "normalize.email(input.authorEmail)",
        "found.AccountId ?? account?.Id",
        """params.reopen && found.IsClosed && verdict.score < (found.ServiceTitan_Rating__c ?? 10) ? "Working" : keep""",
        "params.queue",
        "feedback.id",
        "ticket.id",
        "input.jobId !== null",
    ];

    public static readonly string[] Memberships =
    [
        "input.customerId",
        "`${input.customerId}/primary`",
        """
            memberships.filter(m => m.status === "Active" && m.active && table.find("tiers", m.membershipTypeId) !== null)
              .map(m => ({ id: m.id, from: m.from, to: m.to, row: table("tiers", m.membershipTypeId),
                status: memberships.some(p => p.renewedById === m.id) ? "Renewed" : "Member" }))
            """,
        "list.maxBy(held.active, m => m.row.rank)",
        "list.distinct(held.active.map(m => m.row.campaign))",
        "held.active",
        "m.row.campaign",
        "m.status",
        "`Campaign ${m.row.campaign} has no member status ${m.status}`",
        "allowed === null",
        "`${m.row.campaign}/${contact.Id}`",
        "m.id",
        "m.to ?? clear",
        "contact.Id",
        "list.distinct(tables.tiers.map(t => t.campaign))",
        "enrolled.filter(e => !held.campaigns.includes(e.CampaignId))",
        "list.first(memberships, p => p.id === old.ServiceTitan_Membership_Id__c)?.status",
        "old.Id",
        """
            held.best !== null ? "Changed tier"
              : why.status === "Canceled" ? "Cancelled" : why.status === "Suspended" ? "Suspended" : "Expired"
            """,
        "held.best?.row.tier ?? clear",
        """held.best !== null ? "Active" : memberships[0]?.status ?? clear""",
        "held.best?.from ?? clear",
        "held.best?.to ?? clear",
        "memberships",
        "params.reminderCampaign !== null",
        """m.status === "Active" && m.to !== null && !memberships.some(p => p.id === m.renewedById)""",
        "due.holds ? date.add(m.to, `-${params.remindDays}d`) : null",
        """due.day === null ? null : date.at(due.day, "08:00", params.timeZone)""",
        "input.membershipId",
        """membership.status !== "Active" || membership.to === null || membership.renewedById !== null""",
        "date.before(date.of(run.now, params.timeZone), date.add(membership.to, `-${params.remindDays}d`))",
        "`${params.reminderCampaign}/${input.contactId}`",
        "membership.id",
        "membership.to",
        "params.reminderCampaign",
        "input.contactId",
        """
            found.ServiceTitan_Membership_End__c !== null && date.same(found.ServiceTitan_Membership_End__c, membership.to) ? keep : "Due"
            """,
    ];

    public static readonly string[] WonOpportunity =
    [
        """
            trigger.ServiceTitan_Job_Id__c === null && trigger.ServiceTitan_Origin__c !== "ServiceTitan"
            """,
        "trigger",
        """
            trigger.ServiceTitan_Job_Id__c !== null && trigger.ServiceTitan_Origin__c !== "ServiceTitan"
            """,
        "input.AccountId ?? input.Id",
        "input.ServiceTitan_Service_Date__c ?? input.CloseDate",
        """table.find("windows", input.ServiceTitan_Service_Window__c)""",
        """date.at(booking.day, booking.hours?.from ?? "08:00", params.timeZone)""",
        """date.at(booking.day, booking.hours?.to ?? "17:00", params.timeZone)""",
        "input.Id",
        """current !== null && (current.jobStatus === "Completed" || current.jobStatus === "Canceled")""",
        "`${input.Name} is won again, but its job ${current.jobNumber} is cancelled`",
        """
            input.IsWon && current.jobStatus === "Canceled"
            """,
        "`won again/${input.Id}`",
        "current !== null && !input.IsWon",
        "current.id",
        "params.cancelReason",
        "current !== null",
        "current.firstAppointmentId",
        "!date.same(visit.start, booking.start) || !date.same(visit.end, booking.end)",
        "visit.id",
        "booking.start",
        "booking.end",
        "!input.IsWon || input.ServiceTitan_Job_Id__c !== null",
        "input.OwnerId",
        "input.AccountId",
        "role?.ContactId",
        "normalize.email(contact?.Email)",
        "normalize.phone(contact?.MobilePhone ?? contact?.Phone ?? account.Phone, params.country)",
        """
            { street: account.BillingStreet, unit: null, city: account.BillingCity, state: account.BillingState,
               zip: account.BillingPostalCode, country: account.BillingCountry ?? "USA" }
            """,
        """[{ type: "Email", value: person.email }, { type: "MobilePhone", value: person.phone }].filter(l => l.value !== null)""",
        "account.ServiceTitan_Customer_Id__c",
        "person.email",
        "person.phone",
        "account.BillingPostalCode",
        "account.Id",
        "account.Name",
        """
            account.Type === "Residential" ? "Residential" : "Commercial"
            """,
        "person.address",
        "person.lines",
        "[{ name: account.Name, address: person.address }]",
        "account.ServiceTitan_Customer_Id__c ?? customer.id",
        """list.join([account.Id, account.BillingStreet, account.BillingPostalCode], "/")""",
        "customer.id",
        "location.id",
        """table("work", input.Type).jobType""",
        """table("work", input.Type).businessUnit ?? params.businessUnit""",
        """table("work", input.Type).priority""",
        "params.campaign",
        "text.escapeHtml(input.Description ?? input.Name)",
        """list.compact([table.find("technicians", input.OwnerId)?.technician])""",
        "`rejected/${input.Id}/${error.code}`",
        "owner.IsActive ? owner.Id : params.fallback",
        "text.truncate(`ServiceTitan refused the job: ${input.Name}`, 255)",
        "error.message",
        "date.of(run.now, params.timeZone)",
        "job.id",
        "job.record.jobNumber",
        "`https://go.servicetitan.com/#/Job/Index/${job.id}`",
    ];
}
